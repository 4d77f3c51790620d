/// <reference lib="dom" />
/** Which rows, which columns, which country, and what to fill in. */
import {
  Accordion,
  AccordionHeader,
  AccordionItem,
  AccordionPanel,
  Button,
  Checkbox,
  Field,
  makeStyles,
  Radio,
  RadioGroup,
  Select,
  Text,
  tokens,
} from '@fluentui/react-components'
import { ArrowSyncRegular } from '@fluentui/react-icons'
import type { JSX } from 'react'
import { TARIFF_COUNTRIES } from '../../country.ts'
import { FACT_NAMES } from '../../memory-protocol.ts'
import { columnName } from '../place.ts'
import { printCountry } from '../print-country.ts'
import { ErrorBar } from '../shell/view-frame.tsx'
import { useLanguage, useObservable, usePane, useTask, useWords } from '../use-pane.ts'
import { printNumber } from '../words.ts'
import { OUTPUTS, type Output } from './output-columns.ts'
import { SCOPES, type Scope } from './plan-run.ts'
import { previewRun, type Preview } from './preview-run.ts'
import { clashes, freeColumns, toggleOutput, type Draft } from './run-draft.ts'
import { keepCountry } from './use-picked.ts'
import { BULK_WORDS } from './words.ts'

const useStyles = makeStyles({
  form: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalM },
  top: { display: 'flex', alignItems: 'center', gap: tokens.spacingHorizontalS },
  address: { flexGrow: 1, minWidth: 0, color: tokens.colorNeutralForeground2 },
  outputs: { display: 'flex', flexDirection: 'column', border: 'none', padding: 0, margin: 0, minWidth: 0 },
  legend: { padding: 0, fontWeight: tokens.fontWeightSemibold },
  output: {
    display: 'flex',
    alignItems: 'center',
    justifyContent: 'space-between',
    gap: tokens.spacingHorizontalS,
  },
  choice: { flexGrow: 1, minWidth: 0 },
  column: { width: '116px', flexShrink: 0 },
  panel: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalS, margin: 0 },
})

export function PickForm({
  draft,
  onPreview,
  onRead,
}: {
  draft: Draft
  onPreview: (preview: Preview) => void
  onRead: () => void
}): JSX.Element {
  const styles = useStyles()
  const pane = usePane()
  const language = useLanguage()
  const words = useWords(BULK_WORDS)
  const { picked, inputs } = draft
  const change = (part: Partial<Draft>): void => pane.bulk.draft.set({ ...draft, ...part })
  const changeInputs = (part: Partial<Draft['inputs']>): void => change({ inputs: { ...inputs, ...part } })
  const clashing = clashes(draft)
  const isReady =
    inputs.description !== null && clashing.length === 0 && OUTPUTS.some((one) => draft.outputs[one] !== null)
  const previewing = useTask(async () => {
    const preview = await previewRun(pane.bulk, draft, null, language)
    if ('error' in preview) return preview
    onPreview(preview)
  })

  return (
    <div className={styles.form}>
      <div className={styles.top}>
        <Text className={styles.address} aria-live="polite">
          {words.selected(picked.address)}
        </Text>
        <Button
          appearance="subtle"
          icon={<ArrowSyncRegular />}
          aria-label={words.readAgain}
          title={words.readAgain}
          onClick={onRead}
        />
      </div>
      <Field label={words.description} hint={words.descriptionHint} required>
        <ColumnSelect
          draft={draft}
          value={inputs.description}
          onChange={(description) => changeInputs({ description })}
        />
      </Field>
      <Field label={words.country}>
        <Select
          value={draft.country}
          onChange={(_, { value }) => {
            keepCountry(pane.store, value)
            change({ country: value })
          }}
        >
          {TARIFF_COUNTRIES.map((country) => (
            <option key={country} value={country}>
              {printCountry(country, language)}
            </option>
          ))}
        </Select>
      </Field>
      <ScopeField draft={draft} onChange={(scope) => change({ scope })} />
      {draft.scope === 'selected' && picked.hiddenRows > 0 && (
        <Text>{words.hidden(printNumber(picked.hiddenRows, language))}</Text>
      )}
      <Accordion collapsible>
        <AccordionItem value="more">
          <AccordionHeader>{words.more}</AccordionHeader>
          <AccordionPanel className={styles.panel}>
            {FACT_NAMES.map((fact) => (
              <Field key={fact} label={words.facts[fact]}>
                <ColumnSelect
                  draft={draft}
                  value={inputs.facts[fact]}
                  onChange={(column) => changeInputs({ facts: { ...inputs.facts, [fact]: column } })}
                />
              </Field>
            ))}
            <Field label={words.origin} hint={words.originHint}>
              <ColumnSelect draft={draft} value={inputs.origin} onChange={(origin) => changeInputs({ origin })} />
            </Field>
            <Field label={words.value} hint={words.valueHint}>
              <ColumnSelect draft={draft} value={inputs.value} onChange={(value) => changeInputs({ value })} />
            </Field>
            <Field label={words.countryColumn} hint={words.countryColumnHint}>
              <ColumnSelect draft={draft} value={inputs.country} onChange={(country) => changeInputs({ country })} />
            </Field>
          </AccordionPanel>
        </AccordionItem>
      </Accordion>
      <fieldset className={styles.outputs}>
        <legend className={styles.legend}>{words.outputs}</legend>
        {OUTPUTS.map((output) => (
          <OutputRow key={output} draft={draft} output={output} onChange={(outputs) => change({ outputs })} />
        ))}
      </fieldset>
      <Field label={words.codeStyle}>
        <RadioGroup
          value={draft.codeStyle}
          onChange={(_, { value }) => change({ codeStyle: value === 'plain' ? 'plain' : 'dots' })}
        >
          <Radio value="dots" label={words.dots} />
          <Radio value="plain" label={words.plain} />
        </RadioGroup>
      </Field>
      {clashing.length > 0 && <Text role="alert">{words.clash(clashing.map(columnName).join(', '))}</Text>}
      <Button appearance="primary" disabledFocusable={!isReady || previewing.isBusy} onClick={previewing.run}>
        {previewing.isBusy ? words.previewing : words.preview}
      </Button>
      <ErrorBar error={previewing.error} />
    </div>
  )
}

function ScopeField({ draft, onChange }: { draft: Draft; onChange: (scope: Scope) => void }): JSX.Element {
  const words = useWords(BULK_WORDS)
  const language = useLanguage()
  const last = useObservable(usePane().bulk.last)
  const { picked } = draft
  const isPossible: Record<Scope, boolean> = {
    selected: picked.selected !== null,
    table: true,
    blanks: true,
    failed: (last?.failed.size ?? 0) > 0,
    changed: last !== null,
    test: true,
  }
  const rowsOf: Partial<Record<Scope, number>> = { selected: picked.selected?.rows ?? 0, table: picked.rows }
  return (
    <Field label={words.scope}>
      <Select value={draft.scope} onChange={(_, { value }) => onChange(value as Scope)}>
        {SCOPES.filter((scope) => isPossible[scope]).map((scope) => {
          const rows = rowsOf[scope]
          const count = rows === undefined ? '' : ` · ${words.rowsIn(printNumber(rows, language))}`
          return (
            <option key={scope} value={scope}>
              {words.scopes[scope]}
              {count}
            </option>
          )
        })}
      </Select>
    </Field>
  )
}

function ColumnSelect({
  draft,
  value,
  onChange,
  ...rest
}: {
  draft: Draft
  value: number | null
  onChange: (column: number | null) => void
}): JSX.Element {
  const words = useWords(BULK_WORDS)
  return (
    <Select
      {...rest}
      value={value === null ? '' : String(value)}
      onChange={(_, { value }) => onChange(value === '' ? null : Number(value))}
    >
      <option value="">{words.none}</option>
      {draft.picked.columns.map(({ column, name }) => (
        <option key={column} value={String(column)}>
          {name === columnName(column) ? name : words.columnNamed(columnName(column), name)}
        </option>
      ))}
    </Select>
  )
}

function OutputRow({
  draft,
  output,
  onChange,
}: {
  draft: Draft
  output: Output
  onChange: (outputs: Draft['outputs']) => void
}): JSX.Element {
  const styles = useStyles()
  const words = useWords(BULK_WORDS)
  const column = draft.outputs[output]
  const isPossible = output !== 'best' || draft.inputs.origin !== null
  const name = words.outputNames[output]
  const known = new Map(draft.picked.columns.map((one) => [one.column, one.name]))
  const choices = [...known.keys(), ...freeColumns(draft, OUTPUTS.length)]
  if (column !== null && !choices.includes(column)) choices.push(column)
  return (
    <div className={styles.output}>
      <Checkbox
        className={styles.choice}
        label={name}
        checked={column !== null}
        disabled={!isPossible && column === null}
        title={isPossible ? undefined : words.outputHints[output]}
        onChange={(_, { checked }) => onChange(toggleOutput(draft, output, checked === true))}
      />
      {column !== null && (
        <Select
          className={styles.column}
          size="small"
          aria-label={words.columnOf(name)}
          value={String(column)}
          onChange={(_, { value }) => onChange({ ...draft.outputs, [output]: Number(value) })}
        >
          {choices.map((choice) => {
            const header = known.get(choice)
            const letter = columnName(choice)
            return (
              <option key={choice} value={String(choice)}>
                {header === undefined ? words.columnNew(letter) : words.columnNamed(letter, header)}
              </option>
            )
          })}
        </Select>
      )}
    </div>
  )
}
