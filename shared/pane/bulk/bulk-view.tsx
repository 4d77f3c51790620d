/// <reference lib="dom" />
/** Pick, preview, confirm, watch, receipt. */
import { Button, MessageBar, MessageBarActions, MessageBarBody, MessageBarTitle } from '@fluentui/react-components'
import { useState, type JSX } from 'react'
import { ConnectView } from '../connect/connect-view.tsx'
import { SHELL_WORDS } from '../shell/words.ts'
import { ErrorBar, ViewFrame } from '../shell/view-frame.tsx'
import { useLanguage, useLoad, useObservable, usePane, useTask, useWords } from '../use-pane.ts'
import { printNumber, printTime } from '../words.ts'
import { PickForm } from './pick-form.tsx'
import { PreviewCard, type Preview } from './preview-card.tsx'
import { ProgressCard } from './progress-card.tsx'
import { ReceiptCard } from './receipt-card.tsx'
import { usePicked } from './use-picked.ts'
import { UndoneBar } from './undone-bar.tsx'
import { BULK_WORDS } from './words.ts'

export function BulkView(): JSX.Element {
  const { bulk, connection } = usePane()
  const { views } = useWords(SHELL_WORDS)
  const words = useWords(BULK_WORDS)
  const state = useObservable(bulk.state)
  const isConnected = useObservable(connection).kind !== 'none'

  // A run that waits for a connection is shown with the form that gives it one.
  if (!isConnected && state.kind !== 'running') return <ConnectView />
  return (
    <>
      <ViewFrame title={views.bulk} {...(state.kind === 'idle' ? { purpose: words.purpose } : {})}>
        {state.kind === 'idle' && <NewRun />}
        {state.kind === 'running' && <ProgressCard progress={state.progress} />}
        {state.kind === 'over' && <ReceiptCard receipt={state.receipt} undone={state.undone} />}
      </ViewFrame>
      {!isConnected && <ConnectView />}
    </>
  )
}

function NewRun(): JSX.Element {
  const { bulk } = usePane()
  const picked = usePicked()
  const draft = useObservable(bulk.draft)
  const [preview, setPreview] = useState<Preview | null>(null)
  const recallError = useLoad(() => bulk.recall(), [])

  if (preview) return <PreviewCard preview={preview} onPreview={setPreview} onBack={() => setPreview(null)} />
  return (
    <>
      <LeftOverBar />
      <UndoBar />
      <ErrorBar error={recallError} />
      <ErrorBar error={picked.error} onRetry={picked.read} />
      {draft && !picked.error && <PickForm draft={draft} onPreview={setPreview} onRead={picked.read} />}
    </>
  )
}

function UndoBar(): JSX.Element | null {
  const { bulk } = usePane()
  const words = useWords(BULK_WORDS)
  const language = useLanguage()
  const undoable = useObservable(bulk.undoable)
  const undoing = useTask(() => bulk.undoKept())
  const forgetting = useTask(() => bulk.forgetUndo())
  const number = (value: number): string => printNumber(value, language)
  const isBusy = undoing.isBusy || forgetting.isBusy
  if (!undoable) return <ErrorBar error={undoing.error ?? forgetting.error} />
  const { title, startedAt, cells, undone } = undoable
  if (undone) return <UndoneBar undone={undone} />
  return (
    <>
      <MessageBar layout="multiline">
        <MessageBarBody>
          <MessageBarTitle>{words.undoable(title, printTime(startedAt, language), number(cells))}</MessageBarTitle>{' '}
          {words.undoHint}
        </MessageBarBody>
        <MessageBarActions>
          <Button size="small" onClick={undoing.run} disabledFocusable={isBusy}>
            {undoing.isBusy ? words.undoing : words.undo}
          </Button>
          <Button size="small" appearance="transparent" onClick={forgetting.run} disabledFocusable={isBusy}>
            {words.keepWritten}
          </Button>
        </MessageBarActions>
      </MessageBar>
      <ErrorBar error={undoing.error ?? forgetting.error} />
    </>
  )
}

function LeftOverBar(): JSX.Element | null {
  const { bulk } = usePane()
  const words = useWords(BULK_WORDS)
  const language = useLanguage()
  const leftOver = useObservable(bulk.leftOver)
  const continuing = useTask(() => bulk.continueLeftOver())
  const dropping = useTask(() => bulk.forgetLeftOver())
  if (!leftOver) return <ErrorBar error={continuing.error ?? dropping.error} />
  return (
    <>
      <MessageBar intent="warning" layout="multiline">
        <MessageBarBody>
          <MessageBarTitle>
            {words.leftOver(leftOver.title, printNumber(leftOver.rows - leftOver.dealtWith, language))}
          </MessageBarTitle>{' '}
          {words.leftOverHint}
        </MessageBarBody>
        <MessageBarActions>
          <Button size="small" onClick={continuing.run} disabledFocusable={continuing.isBusy || dropping.isBusy}>
            {words.continueWriting}
          </Button>
          <Button
            size="small"
            appearance="transparent"
            onClick={dropping.run}
            disabledFocusable={continuing.isBusy || dropping.isBusy}
          >
            {words.discard}
          </Button>
        </MessageBarActions>
      </MessageBar>
      <ErrorBar error={continuing.error ?? dropping.error} />
    </>
  )
}
