/// <reference lib="dom" />
/** Pairing by one-time code, and where the host has it, by a page in the browser. */
import { Button, Field, Input, makeStyles, Text, tokens } from '@fluentui/react-components'
import { useState, type FormEvent, type JSX } from 'react'
import { looksLikeCode } from '../../connection-code.ts'
import { isRefused } from '../proxy-api.ts'
import { StepHeading } from '../shell/step-heading.tsx'
import { ErrorBar, ViewFrame } from '../shell/view-frame.tsx'
import { usePane, useTask, useWords } from '../use-pane.ts'
import { BrowserPart } from './browser-part.tsx'
import { CONNECT_WORDS } from './words.ts'

const useStyles = makeStyles({
  form: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalM, maxWidth: '360px' },
  code: { fontFamily: tokens.fontFamilyMonospace },
  notes: { display: 'grid', gap: tokens.spacingVerticalS, color: tokens.colorNeutralForeground2 },
})

export function ConnectView(): JSX.Element {
  const styles = useStyles()
  const { session, pairing } = usePane()
  const words = useWords(CONNECT_WORDS)
  const [code, setCode] = useState('')
  const [name, setName] = useState('')
  const [isLeft, setLeft] = useState(false)
  const connecting = useTask(async () => {
    const reply = await session.connect(code, name.trim() === '' ? {} : { name: name.trim() })
    return isRefused(reply) ? reply : undefined
  })
  const isCode = looksLikeCode(code)
  // While it is being typed every code is too short.
  const isWrong = isLeft && code.trim() !== '' && !isCode
  function submit(event: FormEvent): void {
    event.preventDefault()
    setLeft(true)
    if (isCode) connecting.run()
  }

  return (
    <ViewFrame title={words.title} purpose={pairing ? words.pairPurpose : words.purpose}>
      {pairing && <BrowserPart pairing={pairing} />}
      {pairing && <StepHeading>{words.withCode}</StepHeading>}
      <form className={styles.form} onSubmit={submit}>
        <Field
          label={words.code}
          hint={words.codeHint}
          required
          validationState={isWrong ? 'error' : 'none'}
          validationMessage={isWrong ? words.notACode : null}
        >
          <Input
            className={styles.code}
            value={code}
            onChange={(_, { value }) => setCode(value)}
            onBlur={() => setLeft(true)}
            autoComplete="one-time-code"
            autoCapitalize="characters"
            spellCheck={false}
          />
        </Field>
        <Field label={words.name} hint={words.nameHint}>
          <Input value={name} onChange={(_, { value }) => setName(value)} maxLength={80} autoComplete="name" />
        </Field>
        <Button
          appearance={pairing ? 'secondary' : 'primary'}
          type="submit"
          disabledFocusable={code.trim() === '' || connecting.isBusy}
        >
          {connecting.isBusy ? words.connecting : words.connect}
        </Button>
      </form>
      <ErrorBar error={connecting.error} />
      <div className={styles.notes}>
        <Text>{words.where}</Text>
        <div>
          <Text block weight="semibold">
            {words.freeTitle}
          </Text>
          <Text>{words.free}</Text>
        </div>
      </div>
    </ViewFrame>
  )
}
