/** Keeps the draft to what is selected. */
import { useCallback, useEffect, useState } from 'react'
import type { AnswerError } from '../../protocol.ts'
import { sentenceOf, useLanguage, usePane } from '../use-pane.ts'
import { readSelection } from './read-selection.ts'
import { draftOf } from './run-draft.ts'

const COUNTRY_KEPT = 'bulk.country'
const FIRST_COUNTRY = 'CA'

export function usePicked(): { error: AnswerError | null; read: () => void } {
  const { host, bulk, store } = usePane()
  const language = useLanguage()
  const [error, setError] = useState<AnswerError | null>(null)
  const [turn, setTurn] = useState(0)
  const read = useCallback(() => setTurn((before) => before + 1), [])

  useEffect(() => host.onSelection(read), [host, read])
  useEffect(() => {
    let isCurrent = true
    readSelection(host)
      .then((picked) => {
        if (!isCurrent) return
        bulk.draft.update((before) => draftOf(picked, before, store.get(COUNTRY_KEPT) ?? FIRST_COUNTRY))
        setError(null)
      })
      .catch((thrown: unknown) => isCurrent && setError(sentenceOf(thrown, language)))
    return () => {
      isCurrent = false
    }
  }, [host, bulk, store, language, turn])
  return { error, read }
}

export function keepCountry(store: { set: (name: string, text: string) => void }, country: string): void {
  store.set(COUNTRY_KEPT, country)
}
