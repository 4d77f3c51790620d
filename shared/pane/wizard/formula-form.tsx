/// <reference lib="dom" />
/** The fields of one function, its result while they are filled in, and the formula they make. */
import {
  Accordion,
  AccordionHeader,
  AccordionItem,
  AccordionPanel,
  Button,
  Field,
  Input,
  makeStyles,
  Text,
  Textarea,
  tokens,
} from '@fluentui/react-components'
import { useEffect, useMemo, useRef, useState, type JSX } from 'react'
import { isFailure } from '../../error-codes.ts'
import { functionSpec, PARAMETERS, signature, type ParameterName } from '../../functions.ts'
import type { OptionKey } from '../../options.ts'
import { printFailure } from '../../print-failure.ts'
import { CopyButton } from '../shell/copy-button.tsx'
import { StepHeading } from '../shell/step-heading.tsx'
import { ButtonRow, ErrorBar } from '../shell/view-frame.tsx'
import type { Selection } from '../spreadsheet-host.ts'
import { useSelection } from '../use-selection.ts'
import { useLanguage, useLoad, usePane, useTask, useWords } from '../use-pane.ts'
import { buildFormula, fieldsOf, missingIn, optionsOf, optionsText, readGiven, type Filled } from './build-formula.ts'
import { createPreview } from './preview.ts'
import { PreviewBox } from './preview-box.tsx'
import { readFirstSelected, readValues } from './read-values.ts'
import { WIZARD_WORDS } from './words.ts'

const useStyles = makeStyles({
  form: { display: 'grid', gap: tokens.spacingVerticalM },
  signature: { fontFamily: tokens.fontFamilyMonospace },
  argument: { display: 'grid', gap: tokens.spacingVerticalXS, justifyItems: 'start' },
  wide: { width: '100%' },
  options: { display: 'grid', gap: tokens.spacingVerticalS },
})

const HELD_CHARACTERS_MAX = 40

export function FormulaForm({ filled }: { filled: Filled }): JSX.Element {
  const styles = useStyles()
  const { host, api, clock, wizardDraft } = usePane()
  const language = useLanguage()
  const { selection, error } = useSelection()
  const { fn } = filled
  const setFilled = (next: Filled): void => wizardDraft.set(next)
  const [isReadable, setReadable] = useState(true)
  const [live] = useState(() => createPreview({ api, clock }))
  useEffect(() => () => live.close(), [live])
  const sheets = useKnownSheets(selection)

  const sheetName = selection?.sheetName ?? ''
  const options = useMemo(() => optionsText(filled), [filled])
  const missing = missingIn(filled)
  const formula = isFailure(options) ? null : buildFormula(filled, options, sheetName)
  const readError = useLoad(
    async (isCurrent) => {
      if (missing !== null || isFailure(options)) return live.show(null)
      const args = await readValues(host, filled, sheetName, sheets)
      if (!isCurrent()) return
      setReadable(args !== null)
      live.show(args && { fn, args, options })
    },
    [filled, sheetName, options, missing],
  )
  const { required, optional } = fieldsOf(fn)
  const field = (parameter: ParameterName, isOptional: boolean): JSX.Element => (
    <ArgumentField
      key={parameter}
      parameter={parameter}
      isOptional={isOptional}
      value={filled.given[parameter] ?? ''}
      selection={selection}
      onChange={(value) => setFilled({ ...filled, given: { ...filled.given, [parameter]: value } })}
    />
  )
  return (
    <div className={styles.form}>
      <div>
        <StepHeading className={styles.signature}>{signature(fn)}</StepHeading>
        <Text>{functionSpec(fn).summary[language]}</Text>
      </div>
      <ErrorBar error={error ?? readError} />
      {required.map((parameter) => field(parameter, false))}
      {optional.map((parameter) => field(parameter, true))}
      <OptionFields
        keys={optionsOf(fn)}
        values={filled.options}
        onChange={(key, value) => setFilled({ ...filled, options: { ...filled.options, [key]: value } })}
      />
      {isFailure(options) && <ErrorBar error={printFailure(options, language)} />}
      <PreviewBox
        live={live}
        fn={fn}
        missing={missing === null ? null : PARAMETERS[missing].shown}
        isReadable={isReadable}
      />
      <Actions formula={missing === null ? formula : null} shown={formula ?? ''} selection={selection} />
    </div>
  )
}

/** A sheet is known by its id once the person was on it. */
function useKnownSheets(selection: Selection | null): Map<string, string> {
  const sheets = useRef(new Map<string, string>())
  const sheet = selection?.place?.sheet ?? selection?.region?.place.sheet
  if (selection && sheet !== undefined) sheets.current.set(selection.sheetName, sheet)
  return sheets.current
}

function ArgumentField({
  parameter,
  isOptional,
  value,
  selection,
  onChange,
}: {
  parameter: ParameterName
  isOptional: boolean
  value: string
  selection: Selection | null
  onChange: (value: string) => void
}): JSX.Element {
  const styles = useStyles()
  const words = useWords(WIZARD_WORDS)
  const language = useLanguage()
  const { shown, help, example } = PARAMETERS[parameter]
  const given = readGiven(value)
  const reading = {
    none: null,
    text: words.asText,
    formula: words.asFormula,
    cell: given.kind === 'cell' ? words.asCell(given.cells) : null,
  }[given.kind]
  return (
    <div className={styles.argument}>
      <Field
        className={styles.wide}
        label={isOptional ? words.optional(shown) : shown}
        required={!isOptional}
        hint={help[language]}
        validationState="none"
        validationMessage={reading}
      >
        <Input value={value} placeholder={example} onChange={(_, data) => onChange(data.value)} />
      </Field>
      {selection && selection.areas === 1 && (
        <Button
          size="small"
          aria-label={words.useCellFor(shown, selection.address)}
          onClick={() => onChange(selection.address)}
        >
          {words.useCell}
        </Button>
      )}
    </div>
  )
}

function OptionFields({
  keys,
  values,
  onChange,
}: {
  keys: readonly OptionKey[]
  values: Filled['options']
  onChange: (key: OptionKey, value: string) => void
}): JSX.Element | null {
  const styles = useStyles()
  const words = useWords(WIZARD_WORDS)
  if (keys.length === 0) return null
  return (
    <Accordion collapsible>
      <AccordionItem value="options">
        <AccordionHeader as="h3">{words.options}</AccordionHeader>
        <AccordionPanel className={styles.options}>
          {keys.map((key) => (
            <Field key={key} label={key} hint={words.optionHelp[key]}>
              <Input value={values[key] ?? ''} maxLength={80} onChange={(_, { value }) => onChange(key, value)} />
            </Field>
          ))}
        </AccordionPanel>
      </AccordionItem>
    </Accordion>
  )
}

function Actions({
  formula,
  shown,
  selection,
}: {
  formula: string | null
  shown: string
  selection: Selection | null
}): JSX.Element {
  const styles = useStyles()
  const { host } = usePane()
  const words = useWords(WIZARD_WORDS)
  const [said, setSaid] = useState('')
  const inserting = useTask(async () => {
    setSaid('')
    if (formula !== null) setSaid(words.inserted(await host.insertFormula(formula)))
  })
  const first = selection?.address.replace(/:.*$/, '') ?? ''
  const [held, setHeld] = useState('')
  const heldError = useLoad(
    async (isCurrent) => {
      const text = selection === null ? '' : await readFirstSelected(host, selection)
      if (isCurrent()) setHeld(text.length > HELD_CHARACTERS_MAX ? `${text.slice(0, HELD_CHARACTERS_MAX - 1)}…` : text)
    },
    [host, selection],
  )
  return (
    <>
      <Field label={words.formula} hint={held === '' ? words.insertHint : words.insertHolds(first, held)}>
        <Textarea readOnly value={shown} textarea={{ className: styles.signature }} resize="vertical" />
      </Field>
      <ButtonRow>
        <Button
          appearance="primary"
          disabledFocusable={formula === null || selection === null || inserting.isBusy}
          onClick={() => inserting.run()}
        >
          {words.insert(first)}
        </Button>
        {formula !== null && <CopyButton key={formula} label={words.copy} text={() => formula} />}
      </ButtonRow>
      <Text role="status">{said}</Text>
      <ErrorBar error={inserting.error ?? heldError} />
    </>
  )
}
