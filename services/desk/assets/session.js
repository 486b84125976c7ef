// The session ends when nothing is done in it. Typing and clicking is doing something, so the interface is told of it now
// and then; before the end a person is asked; after it the page stays as it is, so that nothing typed is lost.
const LOOK_SECONDS = 5
const TELL_SECONDS = 300
const WARN_SECONDS = 180

export function startSession () {
  const part = document.querySelector('[data-session]')
  if (!part) return
  const warning = part.querySelector('[data-session-warning]')
  const over = part.querySelector('[data-session-over]')
  const stay = part.querySelector('[data-session-stay]')
  let ends = Date.now() + Number(part.dataset.left) * 1000
  let told = Date.now()
  let active = false
  let done = false

  const left = () => Math.round((ends - Date.now()) / 1000)

  const finish = () => {
    done = true
    warning.close()
    over.hidden = false
  }

  const answered = async (answer) => {
    if (answer.status === 401 || answer.redirected) return finish()
    // The line is down, or this is another session by now: nothing is known, so nothing is said.
    if (!answer.ok || !answer.headers.get('Content-Type')?.startsWith('application/json')) return
    const seconds = (await answer.json()).left
    if (seconds <= 0) return finish()
    done = false
    over.hidden = true
    ends = Date.now() + seconds * 1000
    if (left() > WARN_SECONDS) warning.close()
  }

  // HX-Request keeps a lost session from being answered with a page to sign in at.
  const send = (how) =>
    fetch('/stay', { ...how, headers: { Accept: 'application/json', 'HX-Request': 'true', ...how.headers } })
      .then(answered, () => {})

  const ask = () => send({ headers: { 'Sciezka-Passive': '1' } })

  const tell = () => {
    told = Date.now()
    active = false
    return send({ method: 'POST', body: new URLSearchParams(new FormData(stay)) })
  }

  const look = async () => {
    if (done) return
    if (active && !warning.open && Date.now() - told > TELL_SECONDS * 1000) await tell()
    if (left() > WARN_SECONDS) return
    await ask() // another page may have kept it going
    if (done || left() > WARN_SECONDS) return
    if (!warning.open) warning.showModal()
    const minutes = Math.max(1, Math.ceil(left() / 60))
    part.querySelector('[data-session-left]').textContent = `${minutes} min`
  }

  for (const type of ['keydown', 'pointerdown']) {
    document.addEventListener(type, () => { active = true }, { passive: true })
  }
  stay.addEventListener('submit', (event) => {
    event.preventDefault()
    tell()
  })
  // What the page asks for by itself, told by the server or by the time, is not somebody doing something.
  document.addEventListener('htmx:configRequest', (event) => {
    const cause = event.detail.triggeringEvent
    if (!cause || cause.type.startsWith('sse:')) event.detail.headers['Sciezka-Passive'] = '1'
  })
  document.addEventListener('htmx:responseError', (event) => {
    if (event.detail.xhr.status === 401) finish()
  })
  // Whoever comes back to the page, after a while or from another one, sees at once how it stands.
  document.addEventListener('visibilitychange', async () => {
    if (document.hidden) return
    await ask()
    await look()
  })
  setInterval(look, LOOK_SECONDS * 1000)
}
