/// <reference lib="dom" />
import { Button, Text } from '@fluentui/react-components'
import { useState, type JSX } from 'react'
import { ErrorBar } from '../shell/view-frame.tsx'
import { useFormulasEnabled, useLanguage, usePane, useTask, useWords } from '../use-pane.ts'
import { printNumber } from '../words.ts'
import { Part } from './part.tsx'
import { SETTINGS_WORDS } from './words.ts'

/** Nothing where no formula answers yet: then none has an answer to keep. */
export function AnswersPart(): JSX.Element | null {
  return useFormulasEnabled() ? <Answers /> : null
}

function Answers(): JSX.Element {
  const { functions } = usePane()
  const { keptHere, keptWithSheet } = useWords(SETTINGS_WORDS).answers
  const language = useLanguage()
  const [count, setCount] = useState(() => functions.rememberedCount())
  const [isCleared, setIsCleared] = useState(false)
  const clearing = useTask(async () => {
    await functions.forgetAnswers()
    setCount(functions.rememberedCount())
    setIsCleared(true)
  })
  const words = count === null ? keptWithSheet : keptHere
  return (
    <Part title={words.title}>
      <Text>{count === null ? keptWithSheet.text : keptHere.text(count, printNumber(count, language))}</Text>
      <Button disabledFocusable={clearing.isBusy} onClick={() => clearing.run()}>
        {words.clear}
      </Button>
      <div role="status">{isCleared && words.cleared}</div>
      <ErrorBar error={clearing.error} />
    </Part>
  )
}
