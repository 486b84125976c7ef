// A search sent by its button or the Enter key answers what stands in the field: the search while somebody types, which
// begins a moment later, would put less in the place of that answer, so it is not made for the same text again.
export function startLooking () {
  const answered = new WeakMap()
  document.addEventListener('submit', (event) => {
    const field = event.target.querySelector('input[hx-trigger^="input"]')
    if (field) answered.set(field, field.value)
  })
  document.addEventListener('htmx:confirm', (event) => {
    const field = event.detail.elt
    if (!answered.has(field)) return
    if (answered.get(field) === field.value) event.preventDefault()
    else answered.delete(field)
  })
}
