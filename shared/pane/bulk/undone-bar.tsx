/// <reference lib="dom" />
import { MessageBar, MessageBarBody } from '@fluentui/react-components'
import type { JSX } from 'react'
import { useLanguage, useWords } from '../use-pane.ts'
import { joinSentences, printNumber } from '../words.ts'
import type { Undone } from './bulk-runs.ts'
import { BULK_WORDS } from './words.ts'

/** What an undo came to. */
export function UndoneBar({ undone: { restored, changed } }: { undone: Undone }): JSX.Element {
  const language = useLanguage()
  const words = useWords(BULK_WORDS)
  return (
    <MessageBar intent="success" layout="multiline" role="status">
      <MessageBarBody>
        {joinSentences(language, [
          words.undone(printNumber(restored, language)),
          changed > 0 && words.undoneChanged(printNumber(changed, language)),
        ])}
      </MessageBarBody>
    </MessageBar>
  )
}
