// A form with `data-saves` is told that something was typed at most SECONDS after the first key, however long somebody
// types on; htmx saves it then (hx-trigger="typed").
//
// A fragment that arrives while somebody types never undoes what they did meanwhile: what has changed since the question
// was asked is put into its fields.
const SECONDS = 3
const values = (form) => new Map([...form.elements].filter((each) => each.name && each.id).map((each) => [each.id, at(each)]))
const at = (field) => (field.type === 'radio' || field.type === 'checkbox' ? field.checked : field.value)

export function startTyping () {
  const asked = new WeakMap()
  const waiting = new WeakSet()
  document.addEventListener('input', (event) => {
    const form = event.target.closest('form[data-saves]')
    if (!form || waiting.has(form)) return
    waiting.add(form)
    setTimeout(() => {
      waiting.delete(form)
      if (form.isConnected) window.htmx.trigger(form, 'typed')
    }, SECONDS * 1000)
  })
  document.addEventListener('htmx:beforeRequest', (event) => {
    const form = event.detail.elt.closest('form[data-saves]')
    if (form) asked.set(form, values(form))
  })
  document.addEventListener('htmx:beforeSwap', (event) => {
    const form = event.detail.requestConfig?.elt?.closest('form[data-saves]')
    if (!form || !asked.has(form)) return
    const before = asked.get(form)
    const meanwhile = [...values(form)].filter(([id, value]) => before.has(id) && before.get(id) !== value)
    document.addEventListener('htmx:afterRequest', () => {
      for (const [id, value] of meanwhile) {
        const field = document.getElementById(id)
        if (!field || field.type === 'hidden') continue
        if (field.type === 'radio' || field.type === 'checkbox') field.checked = value
        else field.value = value
      }
    }, { once: true })
  })
}
