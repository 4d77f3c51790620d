/// <reference lib="dom" />
import { Button } from '@fluentui/react-components'
import type { JSX } from 'react'
import { Confirm } from '../shell/confirm.tsx'
import { ErrorBar } from '../shell/view-frame.tsx'
import { useLanguage, useObservable, usePane, useTask, useWords } from '../use-pane.ts'
import { joinSentences, printNumber } from '../words.ts'
import { Facts, Part } from './part.tsx'
import { SETTINGS_WORDS } from './words.ts'

export function ConnectionPart(): JSX.Element {
  const { session, connection } = usePane()
  const words = useWords(SETTINGS_WORDS)
  const language = useLanguage()
  const current = useObservable(connection)
  const who: [string, string][] = []
  if (current.kind === 'connected') {
    const { seat, workspace } = current
    const cap = seat.dailyCapPoints
    who.push(
      [words.workspace, workspace.name || words.unnamed],
      [words.seat, `${seat.name || words.unnamed} (${words.roles[seat.role]})`],
      [words.cap, cap === null ? words.noCap : words.capOf(printNumber(cap, language))],
    )
  }
  return (
    <Part title={words.connection}>
      <Facts facts={[...who, [words.address, session.baseUrl()]]} />
      <Disconnect />
    </Part>
  )
}

function Disconnect(): JSX.Element {
  const { session, connection, formulas } = usePane()
  const words = useWords(SETTINGS_WORDS)
  const { title, text } = words.disconnecting[formulas ? 'leaves-formulas' : 'ends-formulas']
  const language = useLanguage()
  const current = useObservable(connection)
  const isOwner = current.kind === 'connected' && current.seat.role === 'owner'
  const forgetting = useTask(() => session.forget())
  return (
    <>
      <Confirm
        button={<Button disabledFocusable={forgetting.isBusy}>{words.disconnect}</Button>}
        title={title}
        text={joinSentences(language, [text, isOwner && words.disconnectOwner])}
        act={words.disconnect}
        onAct={forgetting.run}
      />
      <ErrorBar error={forgetting.error} />
    </>
  )
}
