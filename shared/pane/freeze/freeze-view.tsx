/// <reference lib="dom" />
/** Formulas to values, and back. */
import {
  Badge,
  Button,
  Checkbox,
  Field,
  makeStyles,
  MessageBar,
  MessageBarBody,
  ProgressBar,
  Radio,
  RadioGroup,
  Subtitle2,
  Text,
  tokens,
} from '@fluentui/react-components'
import { useState, type JSX } from 'react'
import { Confirm } from '../shell/confirm.tsx'
import { SHELL_WORDS } from '../shell/words.ts'
import { ButtonRow, ErrorBar, ViewFrame } from '../shell/view-frame.tsx'
import type { Selection } from '../spreadsheet-host.ts'
import { useSelection } from '../use-selection.ts'
import { useLanguage, useLoad, useObservable, usePane, useTask, useWords } from '../use-pane.ts'
import { joinSentences, printNumber, printTime } from '../words.ts'
import { hasFormula, type FoundFormulas, type FreezeReport, type Scope } from './freezer.ts'
import type { FrozenBatch } from './frozen-list.ts'
import { namesIn } from './read-formula.ts'
import { FREEZE_WORDS } from './words.ts'

const useStyles = makeStyles({
  block: { display: 'grid', gap: tokens.spacingVerticalS, justifyItems: 'start' },
  badges: {
    display: 'flex',
    flexWrap: 'wrap',
    gap: tokens.spacingHorizontalXS,
    margin: 0,
    padding: 0,
    listStyleType: 'none',
  },
  list: { listStyleType: 'none', margin: 0, padding: 0, display: 'grid', gap: tokens.spacingVerticalM },
  batch: {
    display: 'grid',
    gap: tokens.spacingVerticalXS,
    padding: tokens.spacingHorizontalM,
    border: `1px solid ${tokens.colorNeutralStroke2}`,
    borderRadius: tokens.borderRadiusMedium,
  },
  quiet: { color: tokens.colorNeutralForeground2 },
})

export function FreezeView(): JSX.Element {
  const { freezer } = usePane()
  const { views } = useWords(SHELL_WORDS)
  const words = useWords(FREEZE_WORDS)
  const found = useObservable(freezer.found)
  const report = useObservable(freezer.report)
  const loadError = useLoad(() => freezer.load(), [freezer])
  return (
    <ViewFrame title={views.freeze} purpose={words.purpose}>
      <ErrorBar error={loadError} />
      <FindForm />
      <Working />
      {found && <Found found={found} />}
      {report && <Report report={report} />}
      <FrozenList />
    </ViewFrame>
  )
}

function FindForm(): JSX.Element {
  const words = useWords(FREEZE_WORDS)
  const { selection, error } = useSelection()
  if (error) return <ErrorBar error={error} />
  if (!selection) return <></>
  if (selection.areas > 1) return <Text>{words.several}</Text>
  if (!selection.region) return <Text>{words.nothing}</Text>
  return <ScopeForm selection={selection} />
}

function ScopeForm({ selection }: { selection: Selection }): JSX.Element {
  const { freezer } = usePane()
  const words = useWords(FREEZE_WORDS)
  const found = useObservable(freezer.found)
  const [scope, setScope] = useState<Scope>('all')
  const finding = useTask(() => freezer.find(selection, scope))
  const { region, sheetName, place, address } = selection
  return (
    <>
      <Field label={words.where}>
        <RadioGroup value={scope} onChange={(_, { value }) => setScope(value === 'selection' ? 'selection' : 'all')}>
          <Radio value="all" label={region?.table ? words.allOfTable(region.table) : words.allOfSheet(sheetName)} />
          <Radio value="selection" label={words.selection(address)} disabled={place === null} />
        </RadioGroup>
      </Field>
      <ButtonRow>
        <Button
          appearance={found && found.freezable > 0 ? 'secondary' : 'primary'}
          disabledFocusable={finding.isBusy}
          onClick={() => finding.run()}
        >
          {words.find}
        </Button>
      </ButtonRow>
      <ErrorBar error={finding.error} />
    </>
  )
}

function Working(): JSX.Element | null {
  const { freezer } = usePane()
  const words = useWords(FREEZE_WORDS)
  const language = useLanguage()
  const progress = useObservable(freezer.progress)
  if (!progress) return null
  const { done, total } = progress
  return (
    <div aria-live="polite">
      <Field
        validationState="none"
        validationMessage={`${words.reading}: ${printNumber(done, language)} / ${printNumber(total, language)}`}
      >
        <ProgressBar value={total > 0 ? done / total : 0} aria-label={words.reading} />
      </Field>
      <Button size="small" onClick={() => freezer.stop()}>
        {words.stop}
      </Button>
    </div>
  )
}

function Found({ found }: { found: FoundFormulas }): JSX.Element {
  const styles = useStyles()
  const { freezer } = usePane()
  const words = useWords(FREEZE_WORDS)
  const language = useLanguage()
  const [hasNotes, setNotes] = useState(false)
  const freezing = useTask(() =>
    freezer.freeze(
      hasNotes
        ? {
            header: words.noteHeader,
            note: (source, day) => (source ? words.note(source.provider, source.edition, day) : words.noteDayOnly(day)),
          }
        : null,
    ),
  )
  const { address, perFunction, freezable, unanswered, filling } = found
  const count = (value: number): string => printNumber(value, language)
  return (
    <div className={styles.block} aria-live="polite">
      <Text weight="semibold">{words.found(address)}</Text>
      {perFunction.size === 0 ? (
        <Text>{words.none}</Text>
      ) : (
        <ul className={styles.badges} aria-label={words.perFunction}>
          {[...perFunction].map(([fn, times]) => (
            <li key={fn}>
              <Badge appearance="outline" size="large">
                {fn} {count(times)}
              </Badge>
            </li>
          ))}
        </ul>
      )}
      {unanswered > 0 && <Text>{words.unanswered(unanswered, count(unanswered))}</Text>}
      {filling > 0 && <Text>{words.filling(filling, count(filling))}</Text>}
      {freezable > 0 && (
        <>
          <Text>{words.willWrite}</Text>
          <Field hint={words.notesHint}>
            <Checkbox
              label={words.notes}
              checked={hasNotes}
              onChange={(_, { checked }) => setNotes(checked === true)}
            />
          </Field>
          <Button appearance="primary" disabledFocusable={freezing.isBusy} onClick={() => freezing.run()}>
            {words.freeze(freezable, count(freezable))}
          </Button>
        </>
      )}
      <ErrorBar error={freezing.error} />
    </div>
  )
}

function Report({ report }: { report: FreezeReport }): JSX.Element {
  const words = useWords(FREEZE_WORDS)
  const language = useLanguage()
  const { kind, cells, changed, changedAt, unanswered, wasStopped } = report
  const count = (value: number): string => printNumber(value, language)
  const lines = [
    words[kind](cells, count(cells)),
    changed > 0 &&
      (kind === 'frozen'
        ? words.changedFreezing(changed, count(changed))
        : words.changedUnfreezing(changed, count(changed), addressesOf(changedAt, changed))),
    unanswered > 0 && words.unanswered(unanswered, count(unanswered)),
    wasStopped && words.stopped,
  ]
  return (
    <div role="status">
      <MessageBar intent={changed > 0 || wasStopped ? 'warning' : 'success'} layout="multiline">
        <MessageBarBody>{joinSentences(language, lines)}</MessageBarBody>
      </MessageBar>
    </div>
  )
}

function addressesOf(named: readonly string[], of: number): string {
  return `${named.join(', ')}${of > named.length ? ', …' : ''}`
}

function FrozenList(): JSX.Element {
  const styles = useStyles()
  const { freezer } = usePane()
  const words = useWords(FREEZE_WORDS)
  const frozen = useObservable(freezer.frozen)
  return (
    <section className={styles.block} aria-label={words.listTitle}>
      <Subtitle2 as="h3">{words.listTitle}</Subtitle2>
      {frozen.length === 0 ? (
        <Text className={styles.quiet}>{words.listEmpty}</Text>
      ) : (
        <ul className={styles.list}>
          {frozen.map((batch) => (
            <li key={batch.id}>
              <Batch batch={batch} />
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}

function Batch({ batch }: { batch: FrozenBatch }): JSX.Element {
  const styles = useStyles()
  const { freezer, host } = usePane()
  const words = useWords(FREEZE_WORDS)
  const language = useLanguage()
  const unfreezing = useTask(() => freezer.unfreeze(batch.id))
  const forgetting = useTask(() => freezer.forget(batch.id))
  const cells = batch.cells.filter(hasFormula)
  const [first] = cells
  const showing = useTask(async () => {
    if (first) await host.goTo({ sheet: batch.sheet, row: first.row, column: first.column, rows: 1, columns: 1 })
  })
  const time = printTime(batch.at, language)
  const names = [...namesIn(cells.map(({ formula }) => formula))]
    .map(([fn, times]) => `${fn} ${printNumber(times, language)}`)
    .join(', ')
  const sources = batch.sources.map(({ provider, edition }) => `${provider} · ${edition}`).join('; ')
  return (
    <div className={styles.batch}>
      <Text weight="semibold">
        {batch.sheetName} · {time}
      </Text>
      <Text>
        {words.formulas(cells.length, printNumber(cells.length, language))}: {names}
      </Text>
      <Text size={200} className={styles.quiet}>
        {sources === '' ? words.sourceUnknown : sources}
      </Text>
      <ButtonRow>
        <Button
          size="small"
          disabledFocusable={unfreezing.isBusy}
          aria-label={words.unfreezeName(batch.sheetName, time)}
          onClick={() => unfreezing.run()}
        >
          {words.unfreeze}
        </Button>
        <Button size="small" appearance="subtle" disabledFocusable={showing.isBusy} onClick={() => showing.run()}>
          {words.show}
        </Button>
        <Confirm
          button={
            <Button
              size="small"
              appearance="subtle"
              disabledFocusable={forgetting.isBusy}
              aria-label={words.forgetName(batch.sheetName, time)}
            >
              {words.forget}
            </Button>
          }
          title={words.forgetTitle}
          text={words.forgetBody}
          act={words.forget}
          onAct={forgetting.run}
        />
      </ButtonRow>
      <ErrorBar error={unfreezing.error ?? forgetting.error ?? showing.error} />
    </div>
  )
}
