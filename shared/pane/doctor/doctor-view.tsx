/// <reference lib="dom" />
/** The code doctor: choose a column, look, repair, undo. */
import {
  Button,
  Checkbox,
  Field,
  makeStyles,
  MessageBar,
  MessageBarBody,
  ProgressBar,
  Radio,
  RadioGroup,
  Select,
  Text,
  tokens,
} from '@fluentui/react-components'
import { ArrowUndoRegular } from '@fluentui/react-icons'
import { useState, type JSX } from 'react'
import { TARIFF_COUNTRIES } from '../../country.ts'
import { failure } from '../../error-codes.ts'
import { printFailure } from '../../print-failure.ts'
import { columnName } from '../place.ts'
import { printCountry } from '../print-country.ts'
import { StepHeading } from '../shell/step-heading.tsx'
import { SHELL_WORDS } from '../shell/words.ts'
import { ButtonRow, ErrorBar, ViewFrame } from '../shell/view-frame.tsx'
import type { Selection } from '../spreadsheet-host.ts'
import { useSelection } from '../use-selection.ts'
import { useLanguage, useLoad, useObservable, usePane, useTask, useWords, type Task } from '../use-pane.ts'
import { joinSentences, printNumber } from '../words.ts'
import { allRows, columnOptions, columnToExamine, likelyColumn, selectedRows } from './choose-column.ts'
import { countWriting, type Examination, type Repaired } from './code-doctor.ts'
import type { WritingStyle } from './diagnosis.ts'
import { Findings } from './findings.tsx'
import { DOCTOR_WORDS } from './words.ts'

const useStyles = makeStyles({
  report: { display: 'grid', justifyItems: 'start', gap: tokens.spacingVerticalS },
})

export function DoctorView(): JSX.Element {
  const { doctor } = usePane()
  const { views } = useWords(SHELL_WORDS)
  const words = useWords(DOCTOR_WORDS)
  const examination = useObservable(doctor.examination)
  const progress = useObservable(doctor.progress)
  const repaired = useObservable(doctor.repaired)
  // Here, and not beside its button: half way through, the button is gone and why it stopped is still to be said.
  const repairing = useTask(() => doctor.repair())
  const recallError = useLoad(() => doctor.recall(), [doctor])
  return (
    <ViewFrame title={views.doctor} purpose={words.purpose}>
      {progress !== null && <Working />}
      {repaired !== null && <Report repaired={repaired} />}
      {examination !== null && <Result examination={examination} repairing={repairing} />}
      <ErrorBar error={repairing.error ?? recallError} />
      {examination === null && <ChooseColumn />}
    </ViewFrame>
  )
}

function Working(): JSX.Element | null {
  const { doctor } = usePane()
  const words = useWords(DOCTOR_WORDS)
  const language = useLanguage()
  const progress = useObservable(doctor.progress)
  if (!progress) return null
  const { of, done, total } = progress
  const text = `${words[of]}: ${printNumber(done, language)} / ${printNumber(total, language)}`
  return (
    <div aria-live="polite">
      <Field validationState="none" validationMessage={text}>
        <ProgressBar value={total > 0 ? done / total : 0} aria-label={words[of]} />
      </Field>
      <Button size="small" onClick={() => doctor.stop()}>
        {words.stop}
      </Button>
    </div>
  )
}

const COUNTRY_KEY = 'doctor.country'

function ChooseColumn(): JSX.Element {
  const { selection, error } = useSelection()
  const words = useWords(DOCTOR_WORDS)
  const language = useLanguage()
  if (error) return <ErrorBar error={error} />
  if (!selection) return <></>
  if (selection.areas > 1) return <Text>{words.several}</Text>
  if (!selection.region || !allRows(selection.region)) return <Text>{words.nothing}</Text>
  if (selection.hasMergedCells) {
    return <ErrorBar error={printFailure(failure('merged-cells', { address: selection.address }), language)} />
  }
  // Another place on the sheet is another choice.
  return <ColumnForm key={selection.address} selection={selection} />
}

function ColumnForm({ selection }: { selection: Selection }): JSX.Element {
  const { doctor, store } = usePane()
  const words = useWords(DOCTOR_WORDS)
  const language = useLanguage()
  const [column, setColumn] = useState(likelyColumn(selection) ?? 0)
  const [isSelectedOnly, setSelectedOnly] = useState(selectedRows(selection) !== null)
  const [country, setCountry] = useState(() => knownCountry(store.get(COUNTRY_KEY)))
  const looking = useTask(async () => {
    store.set(COUNTRY_KEY, country)
    const chosen = columnToExamine(selection, { column, isSelectedOnly, country, nameBeside: words.besideName })
    if (chosen) return doctor.examine(chosen)
  })
  const { region } = selection
  const options = region ? columnOptions(region) : []
  const selected = selectedRows(selection)
  const all = region && allRows(region)
  const count = (rows: number): string => printNumber(rows, language)
  return (
    <>
      <Field label={words.column}>
        <Select value={String(column)} onChange={(_, { value }) => setColumn(Number(value))}>
          {options.map((option) => (
            <option key={option.column} value={option.column}>
              {option.name}
            </option>
          ))}
        </Select>
      </Field>
      {selected && all && (
        <Field label={words.rows}>
          <Select
            value={isSelectedOnly ? 'selected' : 'all'}
            onChange={(_, { value }) => setSelectedOnly(value === 'selected')}
          >
            <option value="selected">{words.selectedRows(count(selected.rows))}</option>
            <option value="all">{words.allRows(count(all.rows))}</option>
          </Select>
        </Field>
      )}
      <Field label={words.country} hint={words.lookHint}>
        <Select value={country} onChange={(_, { value }) => setCountry(value)}>
          {TARIFF_COUNTRIES.map((one) => (
            <option key={one} value={one}>
              {printCountry(one, language)}
            </option>
          ))}
        </Select>
      </Field>
      <ButtonRow>
        <Button appearance="primary" disabledFocusable={looking.isBusy} onClick={() => looking.run()}>
          {words.look}
        </Button>
      </ButtonRow>
      <ErrorBar error={looking.error} />
    </>
  )
}

function knownCountry(stored: string | null): string {
  return TARIFF_COUNTRIES.find((country) => country === stored) ?? 'CA'
}

function Result({ examination, repairing }: { examination: Examination; repairing: Task<[]> }): JSX.Element {
  const { doctor } = usePane()
  const words = useWords(DOCTOR_WORDS)
  const language = useLanguage()
  const choice = useObservable(doctor.choice)
  const { findings, blanks, name, country } = examination
  const count = (value: number): string => printNumber(value, language)
  const has = (kind: string): boolean => findings.some(({ diagnosis }) => diagnosis.kind === kind)
  const { cells, formulas } = countWriting(examination, choice)
  const isAllFine = findings.every(({ diagnosis }) => diagnosis.kind === 'fine')
  return (
    <>
      <div aria-live="polite">
        <StepHeading>{`${name} · ${printCountry(country, language)}`}</StepHeading>
        {isAllFine && <Text block>{words.allFine}</Text>}
        {!isAllFine && !has('repair') && <Text block>{words.nothingToRepair}</Text>}
        {blanks > 0 && <Text block>{words.blanks(count(blanks))}</Text>}
      </div>
      <Findings examination={examination} />
      {(has('repair') || has('fine') || has('short')) && <WritingForm hasWhole={has('fine') || has('short')} />}
      {formulas > 0 && <Text>{words.formulas(formulas, count(formulas))}</Text>}
      <ButtonRow>
        <Button
          appearance="primary"
          disabledFocusable={cells === 0 || repairing.isBusy}
          onClick={() => repairing.run()}
        >
          {words.repair(cells, count(cells))}
        </Button>
        <Button disabledFocusable={repairing.isBusy} onClick={() => doctor.leave()}>
          {words.another}
        </Button>
      </ButtonRow>
    </>
  )
}

function WritingForm({ hasWhole }: { hasWhole: boolean }): JSX.Element {
  const { doctor } = usePane()
  const words = useWords(DOCTOR_WORDS)
  const choice = useObservable(doctor.choice)
  const isBeside = choice.target === 'beside'
  return (
    <>
      <Field label={words.style}>
        <RadioGroup
          value={choice.style}
          onChange={(_, { value }) => doctor.choice.set({ ...choice, style: value as WritingStyle })}
        >
          <Radio value="plain" label={words.plain} />
          <Radio value="dots" label={words.dots} />
        </RadioGroup>
      </Field>
      {hasWhole && (
        <Checkbox
          label={words.unify}
          checked={choice.unify}
          onChange={(_, { checked }) => doctor.choice.set({ ...choice, unify: checked === true })}
        />
      )}
      <Field label={words.where} hint={isBeside ? words.besideHint : words.inPlaceHint}>
        <RadioGroup
          value={choice.target}
          onChange={(_, { value }) =>
            doctor.choice.set({ ...choice, target: value === 'beside' ? 'beside' : 'in-place' })
          }
        >
          <Radio value="in-place" label={words.inPlace} />
          <Radio value="beside" label={words.beside} />
        </RadioGroup>
      </Field>
    </>
  )
}

function Report({ repaired }: { repaired: Repaired }): JSX.Element {
  const { doctor } = usePane()
  const words = useWords(DOCTOR_WORDS)
  const language = useLanguage()
  const undoing = useTask(() => doctor.undo())
  const count = (value: number): string => printNumber(value, language)
  const { cells, changed, formulas, column, wasStopped, undone } = repaired
  const lines = undone
    ? [
        words.undone(undone.restored, count(undone.restored)),
        undone.changed > 0 && words.notUndone(undone.changed, count(undone.changed)),
      ]
    : [
        words.repaired(cells, count(cells), columnName(column)),
        changed > 0 && words.changed(changed, count(changed)),
        formulas > 0 && words.formulas(formulas, count(formulas)),
        wasStopped && words.stopped,
      ]
  return (
    <div role="status" className={useStyles().report}>
      <MessageBar
        intent={changed > 0 || wasStopped || (undone?.changed ?? 0) > 0 ? 'warning' : 'success'}
        layout="multiline"
      >
        <MessageBarBody>{joinSentences(language, lines)}</MessageBarBody>
      </MessageBar>
      {!undone && cells > 0 && (
        <Button icon={<ArrowUndoRegular />} disabledFocusable={undoing.isBusy} onClick={() => undoing.run()}>
          {words.undo}
        </Button>
      )}
      <ErrorBar error={undoing.error} />
    </div>
  )
}
