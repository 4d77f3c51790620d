/// <reference lib="dom" />
/** Copies a text; where the page may not write to the clipboard, as inside some frames, it shows the text to copy by hand. */
import { Button, Field, makeStyles, Textarea } from '@fluentui/react-components'
import { CopyRegular } from '@fluentui/react-icons'
import { useState, type JSX } from 'react'
import { useWords } from '../use-pane.ts'
import type { Words } from '../words.ts'

const COPY_WORDS: Words<{ copied: string; byHand: string }> = {
  en: { copied: 'Copied.', byHand: 'Copy this text' },
  zh: { copied: '已复制。', byHand: '请复制此文本' },
  fr: { copied: 'Copié.', byHand: 'Copiez ce texte' },
}

const useStyles = makeStyles({ text: { width: '100%' } })

/** @param text made when the button is pressed. */
export function CopyButton({ label, text }: { label: string; text: () => string }): JSX.Element {
  const styles = useStyles()
  const words = useWords(COPY_WORDS)
  const [outcome, setOutcome] = useState<'copied' | { byHand: string } | null>(null)
  function copy(): void {
    const made = text()
    // Asked for inside the chain: in a page that is not secure the mere property is missing.
    void Promise.resolve()
      .then(() => navigator.clipboard.writeText(made))
      .then(
        () => setOutcome('copied'),
        () => setOutcome({ byHand: made }),
      )
  }
  return (
    <>
      <Button icon={<CopyRegular />} onClick={copy}>
        {label}
      </Button>
      <span role="status">{outcome === 'copied' && words.copied}</span>
      {outcome !== null && outcome !== 'copied' && (
        <Field className={styles.text} label={words.byHand}>
          <Textarea
            readOnly
            resize="vertical"
            rows={6}
            value={outcome.byHand}
            onFocus={(event) => event.target.select()}
          />
        </Field>
      )}
    </>
  )
}
