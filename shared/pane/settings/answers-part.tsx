/// <reference lib="dom" />
import { Button, Text } from '@fluentui/react-components'
import { useState, type JSX } from 'react'
import { ErrorBar } from '../shell/view-frame.tsx'
import { useLanguage, usePane, useTask, useWords } from '../use-pane.ts'
import { printNumber } from '../words.ts'
import { Part } from './part.tsx'
import { SETTINGS_WORDS } from './words.ts'

export function AnswersPart(): JSX.Element {
  const { functions } = usePane()
  const words = useWords(SETTINGS_WORDS)
  const language = useLanguage()
  const [count, setCount] = useState(() => functions.rememberedCount())
  const [isCleared, setIsCleared] = useState(false)
  const clearing = useTask(async () => {
    await functions.forgetAnswers()
    setCount(functions.rememberedCount())
    setIsCleared(true)
  })
  return (
    <Part title={words.answers}>
      <Text>{words.answersKept(count, printNumber(count, language))}</Text>
      <Button disabledFocusable={clearing.isBusy} onClick={() => clearing.run()}>
        {words.clear}
      </Button>
      <div role="status">{isCleared && words.cleared}</div>
      <ErrorBar error={clearing.error} />
    </Part>
  )
}
