/// <reference lib="dom" />
/** The page that connects a spreadsheet's add-on: opened from its sidebar, in the browser where somebody may be connected already. */
import { createSession } from '../../excel-addin/session.ts'
import { createBrowserStore } from '../../excel-addin/store.ts'
import { systemClock } from '../../shared/clock.ts'
import { languageIn } from '../../shared/language.ts'
import { challengeIn, createApproval } from './approval.ts'
import { createPage } from './page.ts'

const session = createSession({
  store: createBrowserStore(window),
  // As the playground, and the pane outside of Excel: one seat.
  partitionKey: () => '',
  defaultBaseUrl: window.location.origin,
  defaultLanguage: () => languageIn(navigator.languages),
  fetch: (...request) => window.fetch(...request),
  clock: systemClock,
})
const approval = createApproval({
  session,
  clock: systemClock,
  challenge: challengeIn(window.location),
  onChange: (state) => page.show(session.language(), state),
})
const page = createPage({
  document,
  onLanguage: (language) => session.setLanguage(language),
  onCode: (code, name) => void approval.connect(code, name),
  onDecision: (deed) => void approval.decide(deed),
  onTryAgain: () => void approval.look(),
})
// Another link, opened in this tab.
window.addEventListener('hashchange', () => window.location.reload())
page.show(session.language(), approval.state)
void approval.look()
