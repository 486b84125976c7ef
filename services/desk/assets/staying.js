// A part of a page that is exchanged (hx-swap="morph") becomes the new one element by element. What is in both stays the
// element it was, with the focus, the caret and the place of a screen reader; so every control in such a part has an id
// that names its matter and not its place.
const STOPS = 'a, button, input, select, textarea, summary'

// Of what stays, some is the person's and not the answer's: what is being typed, what they have opened or folded, where
// they stand. And what govuk-frontend has started is not started twice.
const theirs = (name, element) =>
  name === 'open' ||
  name.startsWith('data-govuk-') ||
  (['value', 'tabindex'].includes(name) && element === document.activeElement)

// Where somebody stood, and from there outwards what comes next and what it is a part of.
function trail (stood) {
  const places = [stood]
  for (let each = stood; each !== document.body; each = each.parentElement) {
    places.push(each.nextElementSibling, each.parentElement)
  }
  return places.filter(Boolean)
}

// Whoever stood on what is gone stands at its place from now on, and never on another control: the next key would do
// something that was not meant.
function stand ([stood, ...places]) {
  const same = stood.isConnected ? stood : stood.id && document.getElementById(stood.id)
  if (same) same.focus({ preventScroll: true })
  if (document.activeElement !== document.body) return
  const place = places.find((each) => each.isConnected && each.checkVisibility() && !each.matches(STOPS))
  if (!place) return
  if (!place.hasAttribute('tabindex')) {
    place.tabIndex = -1
    place.addEventListener('blur', () => place.removeAttribute('tabindex'), { once: true })
  }
  place.focus({ preventScroll: true })
}

export function startStaying () {
  const callbacks = { beforeAttributeUpdated: (name, element) => !theirs(name, element) }
  window.htmx.defineExtension('morph', {
    isInlineSwap: (how) => how === 'morph',
    handleSwap: (how, target, fragment) =>
      how === 'morph' && window.Idiomorph.morph(target, fragment.children, { callbacks })
  })
  let before = null
  document.addEventListener('htmx:beforeSwap', () => {
    before = document.activeElement === document.body ? null : trail(document.activeElement)
  })
  document.addEventListener('htmx:afterRequest', () => {
    if (before && document.activeElement === document.body) stand(before)
    before = null
  })
}
