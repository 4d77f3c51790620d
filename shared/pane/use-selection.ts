/** What is selected, for views that work on it: read when they appear, and again whenever the person selects something else. */
import { useEffect, useState } from 'react'
import type { AnswerError } from '../protocol.ts'
import { useLoad, usePane } from './use-pane.ts'
import type { Selection } from './spreadsheet-host.ts'

/** @returns null until it is known, and where it cannot be read: then `error` says why. */
export function useSelection(): { selection: Selection | null; error: AnswerError | null } {
  const { host } = usePane()
  const [selection, setSelection] = useState<Selection | null>(null)
  const [times, setTimes] = useState(0)
  useEffect(() => host.onSelection(() => setTimes((before) => before + 1)), [host])
  const error = useLoad(
    async (isCurrent) => {
      const now = await host.selection()
      if (isCurrent()) setSelection(now)
    },
    [host, times],
  )
  return { selection, error }
}
