// The only script a page names besides htmx: starts the pieces. Every page works without any of it.
import { initAll } from './govuk-frontend.min.js'
import { startMenus } from './menus.js'
import { startShortcuts } from './shortcuts.js'
import { startLive } from './live.js'
import { startLooking } from './looking.js'
import { startSaving } from './saving.js'
import { startSession } from './session.js'
import { startStaying } from './staying.js'
import { startTyping } from './typing.js'

// What govuk-frontend's own template does by a script in the page, which our policy does not allow.
document.body.classList.add('js-enabled', 'govuk-frontend-supported')
initAll()
startMenus()
startShortcuts()
startLive()
startLooking()
startSaving()
startSession()
startStaying()
startTyping()

// Fragments bring pieces that have to be started too, beside those that have stayed and are going already.
const onError = (error) => {
  if (error.name !== 'InitError') console.error(error)
}
document.addEventListener('htmx:load', (event) => {
  if (event.detail.elt !== document.body) initAll({ scope: event.detail.elt, onError })
})
