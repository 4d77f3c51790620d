/// <reference lib="dom" />
/** What a run did, and what can be done about it. */
import { Button, makeStyles, Text, tokens } from '@fluentui/react-components'
import { ArrowDownloadRegular, ArrowUndoRegular } from '@fluentui/react-icons'
import type { JSX } from 'react'
import { saveCsv } from '../save-csv.ts'
import { ButtonRow, ErrorBar } from '../shell/view-frame.tsx'
import { useLanguage, usePane, useTask, useWords } from '../use-pane.ts'
import { joinSentences, printDuration, printNumber } from '../words.ts'
import type { Undone } from './bulk-runs.ts'
import { StepHeading } from '../shell/step-heading.tsx'
import { Figures, type Figure } from './figures.tsx'
import { receiptCsv, type Receipt } from './receipt.ts'
import { UndoneBar } from './undone-bar.tsx'
import { BULK_WORDS, type BulkWords } from './words.ts'

const useStyles = makeStyles({
  card: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalM },
  note: { color: tokens.colorNeutralForeground2 },
})

export function ReceiptCard({ receipt, undone }: { receipt: Receipt; undone: Undone | null }): JSX.Element {
  const styles = useStyles()
  const { bulk, view } = usePane()
  const language = useLanguage()
  const words = useWords(BULK_WORDS)
  const number = (value: number): string => printNumber(value, language)
  const retrying = useTask(() => bulk.retry())
  const undoing = useTask(() => bulk.undo())
  const isBusy = retrying.isBusy || undoing.isBusy
  const toAsk = receipt.failed + receipt.notAsked
  const isReviewFirst = receipt.toReview > 0 && !undone

  return (
    <div className={styles.card}>
      <div aria-live="polite">
        <StepHeading>{receipt.error ? words.broken : receipt.isStopped ? words.stopped : words.over}</StepHeading>
        <Text className={styles.note}>{receipt.title}</Text>
      </div>
      <ErrorBar error={receipt.error} />
      <Figures figures={figuresOf(words, receipt, language)} />
      {receipt.moved > 0 && <Text className={styles.note}>{words.movedHint}</Text>}
      {undone && <UndoneBar undone={undone} />}
      <ButtonRow>
        {isReviewFirst && (
          <Button appearance="primary" onClick={() => view.set('review')}>
            {words.review(number(receipt.toReview))}
          </Button>
        )}
        <Button
          appearance={isReviewFirst ? 'secondary' : 'primary'}
          onClick={() => bulk.clear()}
          disabledFocusable={isBusy}
        >
          {words.again}
        </Button>
        {toAsk > 0 && !undone && (
          <Button onClick={retrying.run} disabledFocusable={isBusy}>
            {receipt.notAsked > 0 ? words.goOn(number(toAsk)) : words.retry(number(toAsk))}
          </Button>
        )}
        {bulk.canUndo() && (
          <Button icon={<ArrowUndoRegular />} onClick={undoing.run} disabledFocusable={isBusy}>
            {undoing.isBusy ? words.undoing : words.undo}
          </Button>
        )}
        <Button
          icon={<ArrowDownloadRegular />}
          onClick={() =>
            saveCsv(
              `${words.fileName}-${new Date(receipt.endedAt).toISOString().slice(0, 10)}.csv`,
              receiptCsv(receipt, bulk.rows.get(), language),
            )
          }
        >
          {words.save}
        </Button>
      </ButtonRow>
      <ErrorBar error={retrying.error ?? undoing.error} />
      <Text className={styles.note} size={200}>
        {joinSentences(language, [words.guess, bulk.canUndo() && words.undoHint, toAsk > 0 && words.retryHint])}
      </Text>
    </div>
  )
}

function figuresOf(words: BulkWords, receipt: Receipt, language: ReturnType<typeof useLanguage>): Figure[] {
  const number = (value: number): string => printNumber(value, language)
  const some = (label: string, value: number): Figure[] => (value === 0 ? [] : [{ label, value: number(value) }])
  const { balanceBefore, balanceAfter } = receipt
  return [
    { label: words.classified, value: number(receipt.classified), isStrong: true },
    ...some(words.toReview, receipt.toReview),
    ...some(words.failed, receipt.failed),
    ...(receipt.notCertain === 0
      ? []
      : [
          {
            label: words.notCertain,
            value: words.notCertainRows(number(receipt.notCertain), receipt.notCertainPoints > 0),
          },
        ]),
    ...some(words.moved, receipt.moved),
    ...some(words.notAsked, receipt.notAsked),
    ...some(words.notWritten, receipt.notWritten),
    ...some(words.blanks, receipt.blanks),
    ...some(words.keptRows, receipt.keptRows),
    { label: words.pointsSpent, value: number(receipt.spent), isStrong: true },
    ...(balanceBefore === null || balanceAfter === null
      ? []
      : [{ label: words.balanceLabel, value: words.balance(number(balanceBefore), number(balanceAfter)) }]),
    { label: words.duration, value: printDuration((receipt.endedAt - receipt.startedAt) / 1000) },
    ...(receipt.providers.length === 0
      ? []
      : [
          {
            label: words.providers,
            value: receipt.providers.map(({ provider, rows }) => words.askedOne(provider, number(rows))).join(', '),
          },
        ]),
    ...(receipt.editions.length === 0 ? [] : [{ label: words.editions, value: receipt.editions.join('; ') }]),
  ]
}
