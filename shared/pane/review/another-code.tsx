/// <reference lib="dom" />
/** A code that nobody suggested, with where it comes from. */
import { Button, Field, Input, makeStyles, tokens } from '@fluentui/react-components'
import { useState, type FormEvent, type JSX } from 'react'
import { NOTE_CHARACTERS_MAX } from '../../memory-protocol.ts'
import { useWords } from '../use-pane.ts'
import { REVIEW_WORDS } from './words.ts'

const useStyles = makeStyles({
  form: { display: 'grid', gap: tokens.spacingVerticalS, maxWidth: '420px' },
  submit: { justifySelf: 'start' },
})

export function AnotherCode({
  isBusy,
  onUse,
}: {
  isBusy: boolean
  onUse: (code: string, note: string) => void
}): JSX.Element {
  const styles = useStyles()
  const words = useWords(REVIEW_WORDS)
  const [code, setCode] = useState('')
  const [note, setNote] = useState('')
  function submit(event: FormEvent): void {
    event.preventDefault()
    onUse(code.trim(), note.trim())
  }
  return (
    <form className={styles.form} onSubmit={submit}>
      <Field label={words.another} hint={words.anotherHint}>
        <Input value={code} onChange={(_, { value }) => setCode(value)} maxLength={20} spellCheck={false} />
      </Field>
      {code.trim() !== '' && (
        <Field label={words.note} hint={words.noteHint}>
          <Input value={note} onChange={(_, { value }) => setNote(value)} maxLength={NOTE_CHARACTERS_MAX} />
        </Field>
      )}
      <Button className={styles.submit} type="submit" disabledFocusable={isBusy || code.trim() === ''}>
        {words.useIt}
      </Button>
    </form>
  )
}
