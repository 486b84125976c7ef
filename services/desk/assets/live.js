// Changes come by themselves (hx-trigger="sse:…"); `data-live-lost` shows that they no longer do.
export function startLive () {
  const lost = (hidden) => {
    for (const sign of document.querySelectorAll('[data-live-lost]')) sign.hidden = hidden
  }
  document.addEventListener('htmx:sseError', () => lost(false))
  document.addEventListener('htmx:sseOpen', () => lost(true))
}
