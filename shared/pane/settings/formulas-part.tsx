/// <reference lib="dom" />
import { Button, Field, Input, Text } from '@fluentui/react-components'
import { useState, type JSX } from 'react'
import type { PaneFormulas } from '../pane-deps.ts'
import { isRefused } from '../proxy-api.ts'
import { Confirm } from '../shell/confirm.tsx'
import { ErrorBar } from '../shell/view-frame.tsx'
import { useFormulasEnabled, useLanguage, useLoad, useObservable, usePane, useTask, useWords } from '../use-pane.ts'
import { printNumber } from '../words.ts'
import { Part } from './part.tsx'
import { readCap } from './read-cap.ts'
import { SETTINGS_WORDS } from './words.ts'

const CAP_SUGGESTED = '500'

/** Nothing where formulas ask as the person who calculates them. */
export function FormulasPart(): JSX.Element | null {
  const { formulas } = usePane()
  return formulas ? <Formulas formulas={formulas} /> : null
}

function Formulas({ formulas }: { formulas: PaneFormulas }): JSX.Element {
  const words = useWords(SETTINGS_WORDS)
  const isEnabled = useFormulasEnabled()
  const [cap, setCap] = useState(CAP_SUGGESTED)
  const points = readCap(cap) ?? null
  const [changes, setChanges] = useState(0)
  const enabling = useTask(async () => {
    if (points === null) return
    const refused = await formulas.enable(points)
    setChanges((count) => count + 1)
    return refused
  })
  const disabling = useTask(() => formulas.disable())
  return (
    <Part title={words.formulas}>
      <Text block>{isEnabled ? words.formulasOn : words.formulasOff}</Text>
      {isEnabled && <Spending key={changes} spreadsheet={formulas.spreadsheet} onCap={setCap} />}
      <Field label={words.formulasCap} hint={words.formulasCapHint}>
        <Input value={cap} inputMode="numeric" onChange={(_, { value }) => setCap(value)} />
      </Field>
      <Button
        appearance={isEnabled ? 'secondary' : 'primary'}
        disabledFocusable={points === null || enabling.isBusy}
        onClick={() => enabling.run()}
      >
        {isEnabled ? words.formulasRenew : words.formulasEnable}
      </Button>
      {isEnabled && (
        <Confirm
          button={<Button disabledFocusable={disabling.isBusy}>{words.formulasDisable}</Button>}
          title={words.formulasDisableTitle}
          text={words.formulasDisableText}
          act={words.formulasDisable}
          onAct={disabling.run}
        />
      )}
      <ErrorBar error={enabling.error ?? disabling.error} />
    </Part>
  )
}

/** What formulas have spent today. @param onCap told the limit that holds now. */
function Spending({ spreadsheet, onCap }: { spreadsheet: string; onCap: (cap: string) => void }): JSX.Element {
  const { api, connection } = usePane()
  const words = useWords(SETTINGS_WORDS)
  const language = useLanguage()
  const isConnected = useObservable(connection).kind === 'connected'
  const [shown, setShown] = useState('')
  const error = useLoad(
    async (isCurrent) => {
      if (!isConnected) return
      const reply = await api.sheetSeat(spreadsheet)
      if (isRefused(reply)) return reply
      if (!isCurrent()) return
      const { sheet } = reply
      if (sheet) onCap(String(sheet.dailyCapPoints))
      setShown(
        sheet
          ? words.formulasSpent(printNumber(sheet.spentToday, language), printNumber(sheet.dailyCapPoints, language))
          : words.formulasOfOthers,
      )
    },
    [api, spreadsheet, isConnected, words],
  )
  return (
    <>
      <Text block>{shown}</Text>
      <ErrorBar error={error} />
    </>
  )
}
