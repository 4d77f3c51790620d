/// <reference lib="dom" />
/**
 * The playground: a spreadsheet in the browser whose cells ask the proxy that served the page. From the sheet function on it runs
 * the Excel add-in's own code (session, batcher, proxy client); what is special here is the grid and the page around it.
 */
import { systemClock } from '../../shared/clock.ts'
import { createAddin } from '../../excel-addin/create-addin.ts'
import { createSession } from '../../excel-addin/session.ts'
import { createBrowserStore } from '../../excel-addin/store.ts'
import { FallbackCellError, type MakeCellError } from '../../excel-addin/to-cell.ts'
import { failure, failureCode } from '../../shared/error-codes.ts'
import { languageIn } from '../../shared/language.ts'
import { createConnection, takeCodeFromAddress, type ConnectionState } from './connection.ts'
import { codeOf, createFunctionHost } from './function-host.ts'
import { createWorkbookKeeper, type KeepingTrouble } from './kept-workbook.ts'
import { createPage, type Notice } from './page.ts'
import { UPSTREAMS_SHEET_ID } from './sample-upstreams.ts'
import { openSpreadsheet, type Spreadsheet } from './spreadsheet.ts'
import { createStatusStrip } from './status-strip.ts'

declare global {
  interface Window {
    /** What the page's tests read; it can do nothing that a person cannot. */
    tariffcell?: { cellText(address: string): string; editedText(): string | null; waiting(): number }
  }
}

const PROXY_IS_AWAY: ReadonlySet<string> = new Set(
  [failure('proxy-unreachable'), failure('proxy-timeout')].map(failureCode),
)
const IS_REFUSED = failureCode(failure('not-connected'))

const NOTICES: Record<NonNullable<KeepingTrouble>, Notice> = {
  'too large': 'keptTooLarge',
  'no storage': 'keptNowhere',
}

const code = takeCodeFromAddress(window.location, window.history)
const store = createBrowserStore(window)
const session = createSession({
  store,
  // As the pane outside of Excel: both are pages of this browser, and one seat.
  partitionKey: () => '',
  defaultBaseUrl: window.location.origin,
  defaultLanguage: () => languageIn(navigator.languages),
  fetch: (...request) => window.fetch(...request),
  clock: systemClock,
})
const addin = createAddin({
  session,
  fetch: (...request) => window.fetch(...request),
  clock: systemClock,
  makeError: wholeError,
})
const connection = createConnection({
  session,
  fetch: (...request) => window.fetch(...request),
  onChange: onConnection,
})
let spreadsheet: Spreadsheet | null = null
let isReady = false
let spoken = session.language()
let token = session.token()
const host = createFunctionHost({
  functions: addin.functions,
  recalculate: (places) => spreadsheet?.recalculate(places),
  onServiceFailure: (failed) => {
    if (PROXY_IS_AWAY.has(codeOf(failed))) connection.lost()
    else if (codeOf(failed) === IS_REFUSED) void connection.refresh()
  },
  askedWhenOpened: [UPSTREAMS_SHEET_ID],
})
const page = createPage({
  document,
  onLanguage: (chosen) => session.setLanguage(chosen),
  onCode: (given) => void connection.connect(given),
  onStartOver: startOver,
  onFormClosed: () => spreadsheet?.focus(),
})
const keeper = createWorkbookKeeper({
  store,
  clock: systemClock,
  workbook: () => spreadsheet!.workbook(),
  token: () => session.token(),
  onKept: (trouble) => page.tell(trouble && NOTICES[trouble]),
})
const strip = createStatusStrip({ document, onTryAgain: tryAgain, onConnect: () => page.openConnectForm() })
const dark = window.matchMedia('(prefers-color-scheme: dark)')

const kept = keeper.read()
if (kept.kind === 'unreadable') page.tell('keptUnreadable')
page.offerStartOver(kept.kind === 'kept')
spreadsheet = openSpreadsheet({
  container: document.getElementById('grid')!,
  host,
  language: session.language(),
  dark: dark.matches,
  kept: kept.kind === 'kept' ? kept.workbook : null,
  strip: strip.element,
  onReady: () => {
    isReady = true
    onConnection(connection.state, connection.state)
  },
  onChange: showStrip,
  onEdit: () => {
    keeper.changed()
    page.offerStartOver(true)
  },
  onKeptFailed: () => {
    page.tell('keptUnreadable')
    page.offerStartOver(false)
  },
})
const { cellText, editedText } = spreadsheet
window.tariffcell = { cellText, editedText, waiting: () => host.waiting }

session.onChange(onSession)
addin.onPoints(({ balance }) => connection.answered(balance))
dark.addEventListener('change', () => spreadsheet?.setDark(dark.matches))
window.addEventListener('pagehide', () => keeper.flush())
window.addEventListener('online', () => void connection.refresh())
page.show(session.language(), connection.state)
showStrip()
if (code !== null) void connection.connect(code)
else void connection.refresh()

function onConnection(state: ConnectionState, before: ConnectionState): void {
  page.show(session.language(), state)
  // Not before the grid is there, which would take the keys away from it.
  if (state.kind === 'not-connected' && isReady) page.openConnectForm()
  // Cells that gave up while nobody answered, or before the page was paired, go on by themselves.
  if (state.kind === 'connected' && before.kind !== 'connected') askAgain()
}

function startOver(): void {
  if (isReady) spreadsheet?.startOver()
  keeper.forget()
  // What was kept never came to the screen: only a new page gets rid of it.
  if (!isReady) window.location.reload()
  page.tell(null)
  page.offerStartOver(false)
}

function tryAgain(): void {
  askAgain()
  void connection.refresh()
  spreadsheet?.focus()
}

function askAgain(): void {
  addin.batcher.resume()
  host.askAgain('service failures')
}

/** On this page, or on the pane beside it. */
function onSession(): void {
  if (session.token() !== token) host.forgetAnswers()
  token = session.token()
  const language = session.language()
  if (language === spoken) return
  spoken = language
  spreadsheet?.setLanguage(language)
  page.show(language, connection.state)
  // The sentences of failed cells come from the proxy, in the language they were asked in.
  host.askAgain('all failures')
  showStrip()
}

function showStrip(): void {
  const cell = spreadsheet?.selected() ?? null
  strip.show(session.language(), cell, cell && host.failureAt(cell.place))
}

/** The add-in cuts sentences to what Excel shows; the strip has room for the whole one, which is the last of the recent errors. */
function wholeError(...[shown, message]: Parameters<MakeCellError>): FallbackCellError {
  const latest = addin.recentErrors()[0]?.message ?? ''
  const isCut = message.endsWith('…') && latest.startsWith(message.slice(0, -1))
  return new FallbackCellError(shown, isCut ? latest : message)
}
