"""A screenshot as a PNG with a palette: a third of the size. The browser itself reads its own picture."""

import base64
import struct
import zlib

from playwright.async_api import Page

_COLOURS = 256
_INDEX = """async ([source, most]) => {
    const image = await createImageBitmap(await (await fetch('data:image/png;base64,' + source)).blob())
    const canvas = new OffscreenCanvas(image.width, image.height)
    const pen = canvas.getContext('2d')
    pen.drawImage(image, 0, 0)
    const pixels = new Uint32Array(pen.getImageData(0, 0, image.width, image.height).data.buffer)
    const often = new Map()
    for (const pixel of pixels) often.set(pixel, (often.get(pixel) ?? 0) + 1)
    const palette = [...often.keys()].sort((a, b) => often.get(b) - often.get(a) || a - b).slice(0, most)
    const parts = pixel => [pixel & 255, (pixel >> 8) & 255, (pixel >> 16) & 255]
    const known = palette.map(parts)
    const far = (a, b) => (a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2 + (a[2] - b[2]) ** 2
    const nearest = new Map(palette.map((pixel, index) => [pixel, index]))
    for (const pixel of often.keys()) {
        if (nearest.has(pixel)) continue
        const away = index => far(known[index], parts(pixel))
        nearest.set(pixel, known.reduce((best, _, index) => away(index) < away(best) ? index : best, 0))
    }
    const bytes = Uint8Array.from(pixels, pixel => nearest.get(pixel))
    let text = ''
    for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192))
    return {width: image.width, height: image.height, palette: known.flat(), pixels: btoa(text)}
}"""


async def small_png(blank: Page, png: bytes) -> bytes:
    """The picture with its 256 most frequent colours; `blank`: a page without a content policy."""
    told = await blank.evaluate(_INDEX, [base64.b64encode(png).decode(), _COLOURS])
    width, height, pixels = told["width"], told["height"], base64.b64decode(told["pixels"])
    rows = b"".join(b"\0" + pixels[row * width : (row + 1) * width] for row in range(height))
    header = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    parts = ((b"IHDR", header), (b"PLTE", bytes(told["palette"])), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, data) for kind, data in parts)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
