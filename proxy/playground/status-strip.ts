/// <reference lib="dom" />
/** The line under the formula bar: why the selected cell failed, or what its formula does. */
import { failure, failureCode } from '../../shared/error-codes.ts'
import { functionSpec, isFunctionName, signature } from '../../shared/functions.ts'
import type { Language } from '../../shared/language.ts'
import { BUSY, codeOf, isServiceFailure, type CellFailure } from './function-host.ts'
import type { SelectedCell } from './spreadsheet.ts'
import { words } from './words.ts'

const NOT_CONNECTED = failureCode(failure('not-connected'))

/** What the spreadsheet itself shows for a word that is neither a function nor a name. */
const NO_SUCH_NAME = '#NAME?'

export interface StatusStrip {
  element: HTMLElement
  show(language: Language, cell: SelectedCell | null, failed: CellFailure | null): void
}

export interface StatusStripDeps {
  document: Document
  onTryAgain: () => void
  onConnect: () => void
}

export function createStatusStrip({ document, onTryAgain, onConnect }: StatusStripDeps): StatusStrip {
  const element = document.createElement('div')
  element.className = 'strip'
  element.id = 'strip'
  const text = document.createElement('p')
  text.setAttribute('role', 'status')
  const remedy = document.createElement('button')
  remedy.type = 'button'
  remedy.className = 'quiet'
  remedy.addEventListener('click', () => (remedy.value === 'connect' ? onConnect() : onTryAgain()))
  element.append(text, remedy)
  // The strip stands inside the grid, which would take Enter and Space for a cell.
  element.addEventListener('keydown', (event) => event.stopPropagation())

  return {
    element,
    show: (language, cell, failed) => {
      const line = stripLine(language, cell, failed)
      element.dataset.kind = line.kind
      // The same words again would be read aloud again.
      if (text.textContent !== line.text) text.textContent = line.text
      text.title = line.text
      remedy.hidden = line.remedy === null
      remedy.value = line.remedy ?? ''
      remedy.textContent = line.remedy === null ? '' : words(language)[line.remedy]
    },
  }
}

export interface StripLine {
  kind: 'failure' | 'busy' | 'help' | 'hint'
  text: string
  /** The button beside it. */
  remedy: 'connect' | 'tryAgain' | null
}

export function stripLine(language: Language, cell: SelectedCell | null, failed: CellFailure | null): StripLine {
  const spoken = words(language)
  if (cell && failed?.shown === cell.text) {
    return { kind: 'failure', text: `${cell.address}: ${failed.message}`, remedy: remedyFor(failed) }
  }
  if (cell?.text === BUSY) return { kind: 'busy', text: `${cell.address}: ${spoken.busy}`, remedy: null }
  if (cell?.text === NO_SUCH_NAME && cell.formula !== '') {
    return { kind: 'failure', text: `${cell.address}: ${spoken.noSuchName}`, remedy: null }
  }
  const name = /\bHS[A-Z]+(?=\()/i.exec(cell?.formula ?? '')?.[0].toUpperCase() ?? ''
  if (!cell || !isFunctionName(name)) return { kind: 'hint', text: spoken.stripHint, remedy: null }
  const help = `${cell.address}: ${signature(name)} — ${functionSpec(name).summary[language]}`
  return { kind: 'help', text: help, remedy: null }
}

function remedyFor(failed: CellFailure): StripLine['remedy'] {
  if (codeOf(failed) === NOT_CONNECTED) return 'connect'
  return isServiceFailure(failed) ? 'tryAgain' : null
}
