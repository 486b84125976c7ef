// A form with `data-saves` is kept in the background by htmx; the sign it names says what is known: being kept, kept (which
// comes with the answer), refused or not arrived, and where what was typed is. What found nobody who answers is sent again,
// and until it has come through the sign goes on saying that it has not.
const AGAIN_SECONDS = 10

const sign = (form, name) => {
  const place = document.querySelector(form.dataset.saves)
  if (!place) return
  place.textContent = place.dataset[name] || ''
  place.classList.toggle('sciezka-saved--failed', name !== 'saving')
}

export function startSaving () {
  const lost = new WeakMap()
  document.addEventListener('htmx:beforeRequest', (event) => {
    const form = event.detail.elt.closest('form[data-saves]')
    if (form && !lost.has(form)) sign(form, 'saving')
  })
  document.addEventListener('htmx:afterRequest', (event) => {
    const form = event.detail.elt.closest('form[data-saves]')
    if (!form) return
    clearTimeout(lost.get(form))
    lost.delete(form)
    if (event.detail.successful) return
    const answered = event.detail.xhr.status
    sign(form, answered ? 'failed' : 'offline')
    if (answered && answered < 500) return
    lost.set(form, setTimeout(() => window.htmx.trigger(form, 'typed'), AGAIN_SECONDS * 1000))
  })
  // The page is of a session that is over, its person has signed in again: its forms hold again, and what was typed is
  // saved at once.
  document.addEventListener('proof', (event) => {
    for (const field of document.querySelectorAll('input[name="_csrf"]')) field.value = event.detail.value
    const form = event.target.closest('form[data-saves]')
    if (form) setTimeout(() => window.htmx.trigger(form, 'typed'))
  })
}
