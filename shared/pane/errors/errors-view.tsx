/// <reference lib="dom" />
import type { JSX } from 'react'
import { SHELL_WORDS } from '../shell/words.ts'
import { ViewFrame } from '../shell/view-frame.tsx'
import { useWords } from '../use-pane.ts'

export function ErrorsView(): JSX.Element {
  const { views } = useWords(SHELL_WORDS)
  return <ViewFrame title={views.errors}>{null}</ViewFrame>
}
