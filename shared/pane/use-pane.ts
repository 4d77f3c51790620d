/** How a part of the pane reaches what it needs, and hears of what changes. */
import { createContext, useCallback, useContext, useEffect, useRef, useState, useSyncExternalStore } from 'react'
import { failure, FailureError } from '../error-codes.ts'
import type { Language } from '../language.ts'
import { printFailure } from '../print-failure.ts'
import type { AnswerError } from '../protocol.ts'
import type { Observable } from './observable.ts'
import type { Pane } from './create-pane.ts'
import type { Words } from './words.ts'

export const PaneContext = createContext<Pane | null>(null)

export function usePane(): Pane {
  const pane = useContext(PaneContext)
  if (!pane) throw new Error('usePane outside of the pane')
  return pane
}

export function useObservable<Value>(value: Observable<Value>): Value {
  const subscribe = useCallback((listener: () => void) => value.subscribe(listener), [value])
  return useSyncExternalStore(subscribe, () => value.get())
}

export function useLanguage(): Language {
  return useObservable(usePane().language)
}

/** Whether formulas answer here; true where nobody needs to let them. */
export function useFormulasEnabled(): boolean {
  const { formulas } = usePane()
  const subscribe = useCallback((listener: () => void) => formulas?.onChange(listener) ?? (() => undefined), [formulas])
  return useSyncExternalStore(subscribe, () => formulas?.isEnabled() ?? true)
}

export function useWords<Part>(words: Words<Part>): Part {
  return words[useLanguage()]
}

export interface Task<Args extends unknown[]> {
  isBusy: boolean
  /** The last failure, until it is run again. */
  error: AnswerError | null
  run: (...args: Args) => void
  clear: () => void
}

/**
 * Work that a button starts: busy while it runs, its failure a sentence to show. Pressed again while it runs, it does nothing.
 * @param work returns a refusal to show, or nothing. A thrown `FailureError` is its sentence, any other error "something went wrong".
 */
export function useTask<Args extends unknown[]>(
  work: (...args: Args) => Promise<{ error: AnswerError } | void>,
): Task<Args> {
  const language = useLanguage()
  const [isBusy, setBusy] = useState(false)
  const [error, setError] = useState<AnswerError | null>(null)
  const latest = useRef(work)
  latest.current = work
  const isRunning = useRef(false)
  const run = useCallback(
    (...args: Args): void => {
      if (isRunning.current) return
      isRunning.current = true
      setBusy(true)
      setError(null)
      void latest
        .current(...args)
        .then((refused) => setError(refused ? refused.error : null))
        .catch((thrown: unknown) => setError(sentenceOf(thrown, language)))
        .finally(() => {
          isRunning.current = false
          setBusy(false)
        })
    },
    [language],
  )
  return { isBusy, error, run, clear: useCallback(() => setError(null), []) }
}

/** What a thrown error says to a person; what was not expected also goes to the console, where support looks. */
export function sentenceOf(thrown: unknown, language: Language): AnswerError {
  if (thrown instanceof FailureError) return printFailure(thrown.failure, language)
  console.error(thrown)
  return printFailure(failure('bug', { id: 'pane' }), language)
}

/**
 * Runs `work` when the part appears and whenever one of `inputs` changes; `isCurrent` turns false once it is outdated.
 * @param work as that of `useTask`. @returns what went wrong with the latest that ended.
 */
export function useLoad(
  work: (isCurrent: () => boolean) => Promise<{ error: AnswerError } | void>,
  inputs: readonly unknown[],
): AnswerError | null {
  const language = useLanguage()
  const [error, setError] = useState<AnswerError | null>(null)
  useEffect(() => {
    let current = true
    void work(() => current)
      .catch((thrown: unknown) => ({ error: sentenceOf(thrown, language) }))
      .then((refused) => current && setError(refused ? refused.error : null))
    return () => {
      current = false
    }
    // The caller says what it depends on.
  }, inputs)
  return error
}
