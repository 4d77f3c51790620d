/// <reference lib="dom" />
/** The page around the grid: the bar above it, the connect form, and the words of both in the person's language. */
import { isLanguage, type Language } from '../../shared/language.ts'
import { part } from '../page-part.ts'
import type { ConnectionState } from './connection.ts'
import { words, type PageWords } from './words.ts'

export interface Page {
  show(language: Language, state: ConnectionState): void
  openConnectForm(): void
  /** A sentence in the bar, in the place of the hint; null brings the hint back. */
  tell(notice: Notice | null): void
  /** Whether there is anything to start over from: the button stands in the place of the hint, which such a person needs no more. */
  offerStartOver(isOffered: boolean): void
}

export type Notice = 'keptUnreadable' | 'keptTooLarge' | 'keptNowhere'

export interface PageDeps {
  document: Document
  onLanguage: (language: Language) => void
  onCode: (code: string) => void
  /** The person said yes when asked whether everything typed may go. */
  onStartOver: () => void
  onFormClosed: () => void
}

export function createPage({ document, onLanguage, onCode, onStartOver, onFormClosed }: PageDeps): Page {
  const language = part(document, 'language', HTMLSelectElement)
  const state = part(document, 'state', HTMLElement)
  const points = part(document, 'points', HTMLElement)
  const openConnect = part(document, 'open-connect', HTMLButtonElement)
  const dialog = part(document, 'connect', HTMLDialogElement)
  const form = part(document, 'connect-form', HTMLFormElement)
  const code = part(document, 'code', HTMLInputElement)
  const refusal = part(document, 'refusal', HTMLElement)
  const bar = part(document, 'bar', HTMLElement)
  const hint = part(document, 'hint', HTMLElement)
  const noticeLine = part(document, 'notice', HTMLElement)
  const startOverAsk = part(document, 'start-over-ask', HTMLDialogElement)
  const keepCells = part(document, 'keep-cells', HTMLButtonElement)
  const startOver = part(document, 'start-over', HTMLButtonElement)
  let spoken = words('en')
  let notice: Notice | null = null

  function openConnectForm(): void {
    openForm(dialog, code)
  }

  function showNotice(): void {
    const text = notice === null ? '' : spoken[notice]
    // The same words again would be read aloud again.
    if (noticeLine.textContent !== text) noticeLine.textContent = text
    hint.hidden = notice !== null || !startOver.hidden
  }

  language.addEventListener('change', () => {
    if (isLanguage(language.value)) onLanguage(language.value)
  })
  openConnect.addEventListener('click', openConnectForm)
  part(document, 'later', HTMLButtonElement).addEventListener('click', () => dialog.close())
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    onCode(code.value)
  })
  startOver.addEventListener('click', () => {
    dialog.close()
    openForm(startOverAsk, keepCells)
  })
  keepCells.addEventListener('click', () => startOverAsk.close())
  part(document, 'start-over-form', HTMLFormElement).addEventListener('submit', (event) => {
    event.preventDefault()
    onStartOver()
    startOverAsk.close()
  })
  keepKeys(dialog, code, bar)
  keepKeys(startOverAsk, keepCells, bar)
  for (const each of [dialog, startOverAsk]) each.addEventListener('close', onFormClosed)

  return {
    openConnectForm,
    tell: (next) => {
      notice = next
      showNotice()
    },
    offerStartOver: (isOffered) => {
      startOver.hidden = !isOffered
      showNotice()
    },
    show: (shownLanguage, connection) => {
      spoken = words(shownLanguage)
      document.documentElement.lang = shownLanguage
      showNotice()
      document.title = spoken.title
      language.value = shownLanguage
      for (const element of document.querySelectorAll<HTMLElement>('[data-word]')) {
        element.textContent = textOf(spoken, element.dataset.word)
      }
      state.textContent = stateText(spoken, connection)
      state.dataset.kind = connection.kind
      points.hidden = connection.kind !== 'connected'
      if (connection.kind === 'connected') {
        points.textContent = spoken.points(new Intl.NumberFormat(shownLanguage).format(connection.balance))
      }
      openConnect.hidden = connection.kind !== 'not-connected'
      form.inert = connection.kind === 'connecting'
      refusal.textContent = connection.kind === 'not-connected' ? connection.refusal : ''
      if (connection.kind === 'connected' && dialog.open) {
        code.value = ''
        dialog.close()
      }
    },
  }
}

function openForm(dialog: HTMLDialogElement, first: HTMLElement): void {
  if (dialog.open) return
  // Not modal: under a modal dialog the grid's hidden text field loses its caret, and Chromium never gives it back.
  dialog.show()
  first.focus()
}

/** While the form is open the keys are the form's. */
function keepKeys(dialog: HTMLDialogElement, first: HTMLElement, bar: HTMLElement): void {
  dialog.addEventListener('focusout', ({ relatedTarget }) => {
    // The grid calls for the keys when its cells change, by a hidden field beside the page.
    if (!dialog.open || !(relatedTarget instanceof Node)) return
    if (!dialog.contains(relatedTarget) && !bar.contains(relatedTarget)) queueMicrotask(() => first.focus())
  })
  // The grid listens on the whole window and would take the letters for a cell.
  for (const type of ['keydown', 'keyup', 'keypress'] as const) {
    dialog.addEventListener(type, (event) => event.stopPropagation())
  }
  dialog.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') dialog.close()
  })
}

function stateText(spoken: PageWords, { kind }: ConnectionState): string {
  switch (kind) {
    case 'connecting':
      return spoken.connecting
    case 'connected':
      return spoken.connected
    case 'unreachable':
      return spoken.unreachable
    case 'not-connected':
      return spoken.notConnected
  }
}

function textOf(spoken: PageWords, word: string | undefined): string {
  const text = spoken[word as keyof PageWords]
  return typeof text === 'string' ? text : ''
}
