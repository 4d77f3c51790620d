/// <reference lib="dom" />
import { Button, Field, Input, Text } from '@fluentui/react-components'
import { useState, type JSX } from 'react'
import type { PaneFormulas } from '../pane-deps.ts'
import { Confirm } from '../shell/confirm.tsx'
import { ErrorBar } from '../shell/view-frame.tsx'
import { useFormulasEnabled, usePane, useTask, useWords } from '../use-pane.ts'
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
  const enabling = useTask(async () => (points === null ? undefined : formulas.enable(points)))
  const disabling = useTask(() => formulas.disable())
  return (
    <Part title={words.formulas}>
      <Text block>{isEnabled ? words.formulasOn : words.formulasOff}</Text>
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
