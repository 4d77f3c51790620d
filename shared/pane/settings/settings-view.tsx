/// <reference lib="dom" />
/** Language, who we are, what is kept here, which data answer. */
import { Field, Radio, RadioGroup } from '@fluentui/react-components'
import type { JSX } from 'react'
import { isLanguage, type Language } from '../../language.ts'
import { ConnectView } from '../connect/connect-view.tsx'
import { SHELL_WORDS } from '../shell/words.ts'
import { ViewFrame } from '../shell/view-frame.tsx'
import { useLanguage, useObservable, usePane, useWords } from '../use-pane.ts'
import { AboutPart } from './about-part.tsx'
import { AnswersPart } from './answers-part.tsx'
import { ConnectionPart } from './connection-part.tsx'
import { FormulasPart } from './formulas-part.tsx'
import { SeatCaps } from './seat-caps.tsx'
import { StartupPart } from './startup-part.tsx'
import { SETTINGS_WORDS } from './words.ts'

/** Each in its own words: who does not read the one that is set must find the own. */
const LANGUAGE_NAMES: Record<Language, string> = { en: 'English', zh: '中文', fr: 'Français' }

export function SettingsView(): JSX.Element {
  const { views } = useWords(SHELL_WORDS)
  const words = useWords(SETTINGS_WORDS)
  const { session, connection } = usePane()
  const language = useLanguage()
  const current = useObservable(connection)
  return (
    <ViewFrame title={views.settings}>
      <Field label={words.language}>
        <RadioGroup
          layout="horizontal"
          value={language}
          onChange={(_, { value }) => isLanguage(value) && session.setLanguage(value)}
        >
          {Object.entries(LANGUAGE_NAMES).map(([id, name]) => (
            <Radio key={id} value={id} label={<span lang={id}>{name}</span>} />
          ))}
        </RadioGroup>
      </Field>
      {current.kind === 'none' ? <ConnectView /> : <ConnectionPart />}
      {current.kind === 'connected' && current.seat.role === 'owner' && <SeatCaps />}
      {current.kind === 'connected' && <FormulasPart />}
      <StartupPart />
      <AnswersPart />
      <AboutPart />
    </ViewFrame>
  )
}
