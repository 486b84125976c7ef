// Single keys. A page offers what has `data-key="a"`: a link or button that the key presses, a field that it goes to.
// The list at "?" is made from the page itself. A person may switch them off, on this computer (WCAG 2.1.4).
const OFF = 'sciezka-shortcuts-off'

const offered = () => [...document.querySelectorAll('[data-key]')].filter((each) => each.offsetParent !== null)
const said = (element) => element.dataset.keySays || element.getAttribute('aria-label') || element.textContent.trim().replace(/\s+/g, ' ')
const typing = (element) =>
  element.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(element.tagName)

export function startShortcuts () {
  const dialog = document.getElementById('shortcuts')
  if (!dialog) return
  const box = dialog.querySelector('[data-shortcuts-on]')
  box.checked = localStorage.getItem(OFF) === null
  box.addEventListener('change', () => {
    if (box.checked) localStorage.removeItem(OFF)
    else localStorage.setItem(OFF, '1')
  })
  document.addEventListener('click', (event) => {
    if (event.target.closest('[data-opens="shortcuts"]')) show(dialog)
    if (event.target.closest('[data-closes-dialog]')) event.target.closest('dialog').close()
  })
  document.addEventListener('keydown', (event) => {
    if (!box.checked || event.ctrlKey || event.altKey || event.metaKey || typing(event.target)) return
    if (document.querySelector('dialog[open]')) return
    if (event.key === '?') {
      event.preventDefault()
      show(dialog)
      return
    }
    // The first that offers a key has it: in a list, the row on top.
    const chosen = offered().find((each) => each.dataset.key === event.key.toLowerCase())
    if (!chosen) return
    event.preventDefault()
    if (typing(chosen)) chosen.focus()
    else chosen.click()
  })
}

function show (dialog) {
  const keys = dialog.querySelector('[data-keys]')
  const seen = new Set()
  keys.replaceChildren()
  for (const each of offered()) {
    if (seen.has(each.dataset.key)) continue
    seen.add(each.dataset.key)
    add(keys, each.dataset.key, said(each))
  }
  add(keys, '?', dialog.dataset.told)
  dialog.showModal()
}

function add (list, key, text) {
  const term = document.createElement('dt')
  const sign = document.createElement('kbd')
  sign.textContent = key
  term.append(sign)
  const description = document.createElement('dd')
  description.textContent = text
  list.append(term, description)
}
