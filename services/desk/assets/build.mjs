// Makes what the desk serves: our styles compiled, our modules, govuk-frontend, htmx and the font, each also packed.
// `node build.mjs <folder with node_modules> <folder to write>`. The folder of a build is named by a hash of all of its
// files: whoever has an address has its contents for good, and files of a build may name each other plainly.
import { createHash } from 'node:crypto'
import { cpSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { basename, extname, join, resolve } from 'node:path'
import { constants, gzipSync } from 'node:zlib'

const [modules, built] = process.argv.slice(2)
const here = import.meta.dirname
const installed = resolve(modules, 'node_modules')
const sass = createRequire(join(installed, '/'))('sass')

const THEIRS = [
  'govuk-frontend/dist/govuk/govuk-frontend.min.js',
  'htmx.org/dist/htmx.min.js',
  'htmx-ext-sse/dist/sse.min.js',
  'idiomorph/dist/idiomorph.min.js',
  '@fontsource-variable/atkinson-hyperlegible-next/files/atkinson-hyperlegible-next-latin-wght-normal.woff2',
  '@fontsource-variable/atkinson-hyperlegible-next/files/atkinson-hyperlegible-next-latin-ext-wght-normal.woff2'
]
const OURS = readdirSync(here).filter((name) => ['.js', '.svg'].includes(extname(name)))
const PACKED = new Set(['.css', '.js', '.svg'])

// Beside what is served until now, which stays if this fails.
const making = join(built, `making-${process.pid}`)
mkdirSync(making, { recursive: true })
process.on('exit', () => rmSync(making, { recursive: true, force: true }))
THEIRS.forEach((path) => cpSync(join(installed, path), join(making, basename(path))))
OURS.forEach((name) => cpSync(join(here, name), join(making, name)))
const { css } = sass.compile(join(here, 'desk.scss'), { loadPaths: [installed], style: 'compressed', quietDeps: true })
writeFileSync(join(making, 'desk.css'), css)
// Their last lines name maps that nobody is served.
for (const name of readdirSync(making).filter((name) => name.endsWith('.js'))) {
  const text = readFileSync(join(making, name), 'utf8')
  writeFileSync(join(making, name), text.replace(/^\/\/# sourceMappingURL=.*$/m, ''))
}

const hash = createHash('sha256')
for (const name of readdirSync(making).sort()) {
  const bytes = readFileSync(join(making, name))
  hash.update(`${name} ${bytes.length} `).update(bytes)
  if (PACKED.has(extname(name))) {
    writeFileSync(join(making, `${name}.gz`), gzipSync(bytes, { level: constants.Z_BEST_COMPRESSION }))
  }
}
const stamp = hash.digest('hex').slice(0, 16)
rmSync(join(built, stamp), { recursive: true, force: true })
renameSync(making, join(built, stamp))
writeFileSync(join(built, `stamp-${process.pid}`), stamp)
renameSync(join(built, `stamp-${process.pid}`), join(built, 'stamp'))
for (const name of readdirSync(built)) {
  if (name !== 'stamp' && name !== stamp && !name.startsWith('making-')) rmSync(join(built, name), { recursive: true, force: true })
}
