/** Keeps the draft to what is selected. */
import { useCallback, useEffect, useState } from 'react'
import type { AnswerError } from '../../protocol.ts'
import { useLoad, usePane } from '../use-pane.ts'
import { readSelection } from './read-selection.ts'
import { draftOf } from './run-draft.ts'

const COUNTRY_KEPT = 'bulk.country'
const FIRST_COUNTRY = 'CA'

export function usePicked(): { error: AnswerError | null; read: () => void } {
  const { host, bulk, store } = usePane()
  const [turn, setTurn] = useState(0)
  const read = useCallback(() => setTurn((before) => before + 1), [])

  useEffect(() => host.onSelection(read), [host, read])
  const error = useLoad(
    async (isCurrent) => {
      const picked = await readSelection(host)
      if (isCurrent()) bulk.draft.update((before) => draftOf(picked, before, store.get(COUNTRY_KEPT) ?? FIRST_COUNTRY))
    },
    [host, bulk, store, turn],
  )
  return { error, read }
}

export function keepCountry(store: { set: (name: string, text: string) => void }, country: string): void {
  store.set(COUNTRY_KEPT, country)
}
