/// <reference lib="dom" />
import { Field, Switch } from '@fluentui/react-components'
import { useState, type JSX } from 'react'
import type { SpreadsheetHost } from '../spreadsheet-host.ts'
import { ErrorBar } from '../shell/view-frame.tsx'
import { useLoad, usePane, useTask, useWords } from '../use-pane.ts'
import { SETTINGS_WORDS } from './words.ts'

/** Nothing where the spreadsheet has no such choice. */
export function StartupPart(): JSX.Element | null {
  const { startup } = usePane().host
  return startup ? <Startup startup={startup} /> : null
}

function Startup({ startup }: { startup: NonNullable<SpreadsheetHost['startup']> }): JSX.Element {
  const words = useWords(SETTINGS_WORDS)
  const [isOn, setIsOn] = useState<boolean | null>(null)
  const error = useLoad(
    async (isCurrent) => {
      const found = await startup.get()
      if (isCurrent()) setIsOn(found)
    },
    [startup],
  )
  const setting = useTask(async (wanted: boolean) => {
    await startup.set(wanted)
    setIsOn(wanted)
  })
  return (
    <div>
      <Field hint={words.startupHint}>
        <Switch
          label={words.startup}
          checked={isOn ?? false}
          disabled={isOn === null}
          onChange={(_, { checked }) => setting.run(checked)}
        />
      </Field>
      <ErrorBar error={error ?? setting.error} />
    </div>
  )
}
