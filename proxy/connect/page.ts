/// <reference lib="dom" />
/** What is shown of it, in the person's language. */
import { looksLikeCode } from '../../shared/connection-code.ts'
import { isLanguage, type Language } from '../../shared/language.ts'
import { printNumber } from '../../shared/pane/words.ts'
import { part } from '../page-part.ts'
import type { ApprovalState } from './approval.ts'
import { PAGE_WORDS, type PageWords } from './words.ts'

export interface PageDeps {
  document: Document
  onLanguage: (language: Language) => void
  onCode: (code: string, name: string) => void
  onDecision: (deed: 'approve' | 'refuse') => void
  onTryAgain: () => void
}

export interface Page {
  show(language: Language, state: ApprovalState): void
}

export function createPage({ document, onLanguage, onCode, onDecision, onTryAgain }: PageDeps): Page {
  const element = (id: string): HTMLElement => part(document, id, HTMLElement)
  const button = (id: string): HTMLButtonElement => part(document, id, HTMLButtonElement)
  const language = part(document, 'language', HTMLSelectElement)
  const heading = element('heading')
  const said = element('said')
  const refusal = element('refusal')
  const form = element('code-form')
  const code = part(document, 'code', HTMLInputElement)
  const name = part(document, 'name', HTMLInputElement)
  const connect = button('connect')
  const question = element('question')
  const approve = button('approve')
  const refuse = button('refuse')
  const again = button('again')
  let words = PAGE_WORDS.en

  language.addEventListener('change', () => {
    if (isLanguage(language.value)) onLanguage(language.value)
  })
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    if (isOff(connect)) return
    if (looksLikeCode(code.value)) return onCode(code.value, name.value.trim())
    refusal.textContent = words.notACode
    code.setAttribute('aria-invalid', 'true')
    code.focus()
  })
  code.addEventListener('input', () => code.removeAttribute('aria-invalid'))
  approve.addEventListener('click', () => onDecision('approve'))
  refuse.addEventListener('click', () => onDecision('refuse'))
  again.addEventListener('click', onTryAgain)

  function showQuestion({ pairing, by }: Extract<ApprovalState, { kind: 'asking' }>, spoken: Language): void {
    const cap = by.seat.dailyCapPoints
    element('match').textContent = pairing.matchCode
    element('workspace').textContent = by.workspace.name || words.unnamed
    element('seat').textContent = by.seat.name || words.unnamed
    element('cap').textContent = cap === null ? words.noCap : words.capOf(printNumber(cap, spoken))
  }

  return {
    show(spoken, state) {
      words = PAGE_WORDS[spoken]
      document.documentElement.lang = spoken
      language.value = spoken
      for (const element of document.querySelectorAll<HTMLElement>('[data-word]')) {
        element.textContent = textOf(words, element.dataset.word)
      }
      const isBusy = 'isBusy' in state && state.isBusy
      for (const each of [connect, approve, refuse]) turnOff(each, isBusy)
      if (state.kind === 'not-connected' && isBusy) connect.textContent = words.connecting
      if (state.kind === 'asking') showQuestion(state, spoken)
      form.hidden = state.kind !== 'not-connected'
      question.hidden = state.kind !== 'asking'
      again.hidden = state.kind !== 'trouble' || !state.error.retryable
      const { title, what } = saidOf(words, state)
      heading.textContent = title
      said.textContent = what
      refusal.textContent = refusalOf(state)
      document.title = `${title} · Tariffcell`
      keepFocus(document, heading)
    },
  }
}

/** A button that is pressed keeps the focus; pressed again it does nothing. */
function turnOff(button: HTMLElement, isOff: boolean): void {
  button.setAttribute('aria-disabled', String(isOff))
}

function isOff(button: HTMLElement): boolean {
  return button.getAttribute('aria-disabled') === 'true'
}

/** What had it and is hidden now leaves it to the heading of what came in its place. */
function keepFocus({ activeElement }: Document, heading: HTMLElement): void {
  if (activeElement?.closest('[hidden]')) heading.focus()
}

function saidOf(words: PageWords, state: ApprovalState): { title: string; what: string } {
  switch (state.kind) {
    case 'looking':
      return { title: words.asking, what: words.looking }
    case 'no-link':
      return { title: words.noLink, what: words.noLinkWhat }
    case 'not-connected':
      return { title: words.codeFirst, what: words.codeFirstWhy }
    case 'asking':
      return { title: words.asking, what: whoAsks(words, state.pairing.name) }
    case 'approved':
      return { title: words.approved, what: words.approvedWhat }
    case 'refused':
      return { title: words.refused, what: words.refusedWhat }
    case 'trouble':
      return { title: words.trouble, what: '' }
  }
}

function whoAsks(words: PageWords, name: string): string {
  return name === '' ? words.whoNameless : words.who(name)
}

function refusalOf(state: ApprovalState): string | null {
  switch (state.kind) {
    case 'not-connected':
      return state.refusal
    case 'asking':
      return state.trouble
    case 'trouble':
      return state.error.message
    case 'looking':
    case 'no-link':
    case 'approved':
    case 'refused':
      return null
  }
}

function textOf(words: PageWords, word: string | undefined): string {
  const text = words[word as keyof PageWords]
  return typeof text === 'string' ? text : ''
}
