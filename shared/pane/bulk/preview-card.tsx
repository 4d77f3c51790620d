/// <reference lib="dom" />
/** What it costs and what it overwrites, before anything is asked. */
import {
  Button,
  Field,
  makeStyles,
  MessageBar,
  MessageBarBody,
  Radio,
  RadioGroup,
  Text,
  tokens,
} from '@fluentui/react-components'
import { ArrowLeftRegular } from '@fluentui/react-icons'
import type { JSX } from 'react'
import type { EstimateReply } from '../../jobs-protocol.ts'
import { ButtonRow, ErrorBar } from '../shell/view-frame.tsx'
import { useLanguage, usePane, useTask, useWords } from '../use-pane.ts'
import { printCny, printNumber, printTime } from '../words.ts'
import { StepHeading } from '../shell/step-heading.tsx'
import { Figures, type Figure } from './figures.tsx'
import { previewRun, type Preview } from './preview-run.ts'
import type { RunPlan } from './plan-run.ts'
import { titleOf } from './read-selection.ts'
import { BULK_WORDS, type BulkWords } from './words.ts'

export type { Preview } from './preview-run.ts'

const useStyles = makeStyles({
  card: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalM },
  note: { color: tokens.colorNeutralForeground2 },
})

export function PreviewCard({
  preview,
  onPreview,
  onBack,
}: {
  preview: Preview
  onPreview: (preview: Preview) => void
  onBack: () => void
}): JSX.Element {
  const styles = useStyles()
  const { bulk } = usePane()
  const language = useLanguage()
  const words = useWords(BULK_WORDS)
  const { plan, estimate, other } = preview
  const number = (value: number): string => printNumber(value, language)
  const again = useTask(async (overwrite: RunPlan['setup']['overwrite']) => {
    const next = await previewRun(bulk, preview.draft, overwrite, language)
    if ('error' in next) return next
    onPreview(next)
  })
  const starting = useTask(async () => {
    if (estimate) return bulk.start(plan, estimate)
  })
  const isBusy = again.isBusy || starting.isBusy
  const rows = number(plan.rows.length)

  return (
    <div className={styles.card}>
      <div>
        <StepHeading>{words.previewTitle}</StepHeading>
        <Text className={styles.note}>{titleOf(plan.setup, plan.setup.inputs.description)}</Text>
      </div>
      {plan.filledCells > 0 && (
        <Field label={words.filled(number(plan.filledCells))}>
          <RadioGroup
            value={plan.setup.overwrite}
            onChange={(_, { value }) => !starting.isBusy && again.run(value === 'replace' ? 'replace' : 'keep')}
          >
            <Radio value="keep" label={`${words.keep}. ${words.keepHint}`} />
            <Radio value="replace" label={`${words.replace}. ${words.replaceHint}`} />
          </RadioGroup>
        </Field>
      )}
      <Figures figures={figuresOf(words, plan, estimate, language)} />
      {estimate?.badRows[0] && (
        <Text className={styles.note}>
          {words.badExample(rowNumber(plan, estimate.badRows[0].row), estimate.badRows[0].error.message)}
        </Text>
      )}
      {!estimate && <Text>{words.nothingLeft}</Text>}
      {other && <Warning>{words.otherRun(printTime(other.startedAt, language), number(other.rows))}</Warning>}
      {estimate && !estimate.enough && <Warning>{words.notEnough(number(estimate.points - estimate.balance))}</Warning>}
      {estimate?.enough && estimate.dailyCapLeft !== null && estimate.dailyCapLeft < estimate.points && (
        <Warning>{words.capTooLow}</Warning>
      )}
      <ButtonRow>
        {estimate && (
          <Button appearance="primary" disabledFocusable={isBusy} onClick={starting.run}>
            {estimate.points === 0 ? words.classifyFree(rows) : words.classify(rows, number(estimate.points))}
          </Button>
        )}
        <Button icon={<ArrowLeftRegular />} disabledFocusable={isBusy} onClick={onBack}>
          {words.change}
        </Button>
      </ButtonRow>
      <ErrorBar error={starting.error ?? again.error} />
      <Text className={styles.note} size={200}>
        {words.guess}
      </Text>
    </div>
  )
}

function Warning({ children }: { children: string }): JSX.Element {
  return (
    <MessageBar intent="warning" layout="multiline">
      <MessageBarBody>{children}</MessageBarBody>
    </MessageBar>
  )
}

/** As it is numbered on the sheet. */
function rowNumber({ setup, rows }: RunPlan, n: number): string {
  return String(setup.firstRow + (rows[n]?.at ?? 0) + 1)
}

function figuresOf(
  words: BulkWords,
  plan: RunPlan,
  estimate: EstimateReply | null,
  language: ReturnType<typeof useLanguage>,
): Figure[] {
  const number = (value: number): string => printNumber(value, language)
  const some = (label: string, value: number): Figure[] => (value === 0 ? [] : [{ label, value: number(value) }])
  const always: Figure[] = [
    { label: words.rows, value: number(plan.rows.length) },
    ...some(words.blanks, plan.blanks),
    ...some(words.keptRows, plan.keptRows),
  ]
  if (!estimate) return always
  const { bad, duplicates, remembered, free, toPay, points, cny, balance, dailyCapLeft, byProvider } = estimate
  const asked = byProvider.map(({ provider, questions }) => words.askedOne(provider, number(questions)))
  return [
    ...always,
    ...some(words.bad, bad),
    ...some(words.duplicates, duplicates),
    ...some(words.remembered, remembered),
    ...some(words.free, free),
    ...some(words.toPay, toPay),
    { label: words.asked, value: asked.length === 0 ? words.nobodyAsked : asked.join(', ') },
    {
      label: words.cost,
      value: points === 0 ? words.costsNothing : words.costs(number(points), printCny(cny, language)),
      isStrong: true,
    },
    ...(points === 0 ? [] : [{ label: words.balanceAfter, value: number(Math.max(0, balance - points)) }]),
    ...(dailyCapLeft === null ? [] : [{ label: words.capLeft, value: number(dailyCapLeft) }]),
  ]
}
