/// <reference lib="dom" />
/** How far a run is, what it waits for, and how to pause or stop it. */
import {
  Button,
  Field,
  makeStyles,
  MessageBar,
  MessageBarActions,
  MessageBarBody,
  ProgressBar,
  Text,
  tokens,
} from '@fluentui/react-components'
import { PauseRegular, PlayRegular, StopRegular } from '@fluentui/react-icons'
import type { JSX } from 'react'
import { failure, failureCode } from '../../error-codes.ts'
import { ButtonRow } from '../shell/view-frame.tsx'
import { useLanguage, usePane, useWords } from '../use-pane.ts'
import { joinSentences, printDuration, printNumber } from '../words.ts'
import { StepHeading } from '../shell/step-heading.tsx'
import { errorText } from './fill-cells.ts'
import type { RunHold, RunProgress } from './run-bulk.ts'
import { BULK_WORDS } from './words.ts'

/** Their sentences tell to try again, which a run does by itself. */
const NO_REPLY: ReadonlySet<string> = new Set([failure('proxy-unreachable'), failure('proxy-timeout')].map(failureCode))

const useStyles = makeStyles({
  card: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalM },
  counts: { display: 'grid', gap: tokens.spacingVerticalXXS, margin: 0, padding: 0, listStyle: 'none' },
  note: { color: tokens.colorNeutralForeground2 },
})

export function ProgressCard({ progress }: { progress: RunProgress }): JSX.Element {
  const styles = useStyles()
  const { bulk } = usePane()
  const words = useWords(BULK_WORDS)
  const language = useLanguage()
  const number = (value: number): string => printNumber(value, language)
  const { rows, answered, written, moved, failed, spent, estimated, secondsLeft, hold } = progress
  const dealtWith = written + moved
  const isPaused = hold?.reason === 'person'
  return (
    <div className={styles.card}>
      <StepHeading>{words.running(progress.title)}</StepHeading>
      <Field validationState="none" validationMessage={words.progress(number(dealtWith), number(rows))}>
        <ProgressBar
          aria-label={words.running(progress.title)}
          value={rows === 0 ? 1 : (answered + dealtWith) / (2 * rows)}
          thickness="large"
        />
      </Field>
      <ul className={styles.counts} aria-live="polite">
        <li>{words.written(number(written))}</li>
        {failed > 0 && <li>{words.failedSoFar(number(failed))}</li>}
        {moved > 0 && <li>{words.movedSoFar(number(moved))}</li>}
        {(estimated > 0 || spent > 0) && <li>{words.spent(number(spent), number(estimated))}</li>}
        {secondsLeft !== null && !hold && <li>{words.left(printDuration(secondsLeft))}</li>}
      </ul>
      {hold && <HoldBar hold={hold} progress={progress} />}
      <ButtonRow>
        {isPaused ? (
          <Button
            appearance="primary"
            icon={<PlayRegular />}
            onClick={() => bulk.resume()}
            disabledFocusable={progress.isStopping}
          >
            {words.resume}
          </Button>
        ) : (
          <Button
            icon={<PauseRegular />}
            onClick={() => bulk.pause()}
            disabledFocusable={progress.isPausing || progress.isStopping || hold !== null}
          >
            {progress.isPausing ? words.pausing : words.pause}
          </Button>
        )}
        <Button icon={<StopRegular />} onClick={() => bulk.stop()} disabledFocusable={progress.isStopping}>
          {progress.isStopping ? words.stopping : words.stop}
        </Button>
      </ButtonRow>
      <Text className={styles.note} size={200}>
        {joinSentences(language, [words.stopHint, words.leaveHint])}
      </Text>
    </div>
  )
}

function HoldBar({ hold, progress }: { hold: RunHold; progress: RunProgress }): JSX.Element {
  const { view } = usePane()
  const words = useWords(BULK_WORDS)
  const language = useLanguage()
  const { rows, answered, estimated, spent } = progress
  const isPoints = hold.reason === 'no-points'
  // The proxy's sentence where there is more to it than what is said here already.
  const isTold = (hold.reason === 'offline' && !NO_REPLY.has(hold.error?.code ?? '')) || hold.reason === 'spreadsheet'
  const detail = hold.error && isTold ? errorText(hold.error) : null
  return (
    <MessageBar intent={hold.reason === 'person' ? 'info' : 'warning'} layout="multiline" role="status">
      <MessageBarBody>
        {joinSentences(language, [
          hold.reason === 'elsewhere' ? words.elsewhere(hold.workspace) : words.holds[hold.reason],
          isPoints &&
            words.noPoints(
              printNumber(rows - answered, language),
              printNumber(Math.max(1, estimated - spent), language),
            ),
          detail,
        ])}
      </MessageBarBody>
      {isPoints && (
        <MessageBarActions>
          <Button size="small" appearance="primary" onClick={() => view.set('points')}>
            {words.toPoints}
          </Button>
        </MessageBarActions>
      )}
    </MessageBar>
  )
}
