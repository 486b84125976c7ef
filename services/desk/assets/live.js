// Live changes never take away the focus or what is being typed. htmx gives the focus back to a link or button that has
// an id; a part of the page in whose field somebody types stays as it is until they have left it. `data-live-lost` shows
// that changes no longer come.
const at_work = (part) => {
  const here = document.activeElement
  return part.contains(here) && here !== part && (here.matches('input, textarea, select') || !here.id)
}

export function startLive () {
  const waiting = new Map()
  // A part that is asked for by a change elsewhere (sse:…) is not asked for while somebody is in it.
  document.addEventListener('htmx:beforeRequest', (event) => {
    const part = event.detail.elt
    const cause = event.detail.requestConfig.triggeringEvent
    if (!cause || !cause.type.startsWith('sse:') || !at_work(part)) return
    event.preventDefault()
    waiting.set(part, cause.type)
  })
  document.addEventListener('focusout', () => {
    setTimeout(() => {
      for (const [part, type] of waiting) {
        if (part.isConnected && at_work(part)) continue
        waiting.delete(part)
        if (part.isConnected) window.htmx.trigger(part, type)
      }
    })
  })
  const lost = (hidden) => {
    for (const sign of document.querySelectorAll('[data-live-lost]')) sign.hidden = hidden
  }
  document.addEventListener('htmx:sseError', () => lost(false))
  document.addEventListener('htmx:sseOpen', () => lost(true))
}
