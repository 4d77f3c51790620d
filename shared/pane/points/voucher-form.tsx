/// <reference lib="dom" />
import { Button, Field, Input, makeStyles, MessageBar, MessageBarBody, tokens } from '@fluentui/react-components'
import { useState, type FormEvent, type JSX } from 'react'
import { isRefused } from '../proxy-api.ts'
import { ErrorBar } from '../shell/view-frame.tsx'
import { useLanguage, usePane, useTask, useWords } from '../use-pane.ts'
import { printNumber } from '../words.ts'
import { asVoucher, isWholeVoucher } from './voucher-text.ts'
import { POINTS_WORDS } from './words.ts'

const useStyles = makeStyles({
  form: { display: 'grid', gap: tokens.spacingVerticalS, justifyItems: 'start', maxWidth: '360px' },
  field: { width: '100%' },
  code: { fontFamily: tokens.fontFamilyMonospace },
})

export function VoucherForm(): JSX.Element {
  const styles = useStyles()
  const { api, credited } = usePane()
  const words = useWords(POINTS_WORDS)
  const language = useLanguage()
  const [code, setCode] = useState('')
  const [outcome, setOutcome] = useState<{ points: number; repeated: boolean } | null>(null)
  const redeeming = useTask(async () => {
    setOutcome(null)
    const redeemed = await api.redeem(code)
    if (isRefused(redeemed)) return redeemed
    setOutcome(redeemed)
    setCode('')
    credited()
  })
  function submit(event: FormEvent): void {
    event.preventDefault()
    redeeming.run()
  }
  return (
    <form className={styles.form} onSubmit={submit}>
      <Field className={styles.field} label={words.voucher} hint={words.voucherHint}>
        <Input
          className={styles.code}
          value={code}
          onChange={(_, { value }) => setCode(isAtEnd(value, code) ? asVoucher(value) : value)}
          onBlur={() => setCode(asVoucher(code))}
          autoComplete="off"
          autoCapitalize="characters"
          spellCheck={false}
        />
      </Field>
      <Button type="submit" disabledFocusable={!isWholeVoucher(asVoucher(code)) || redeeming.isBusy}>
        {words.redeem}
      </Button>
      <ErrorBar error={redeeming.error} />
      <div role="status">
        {outcome && (
          <MessageBar intent={outcome.repeated ? 'info' : 'success'} layout="multiline">
            <MessageBarBody>
              {words[outcome.repeated ? 'repeated' : 'redeemed'](printNumber(outcome.points, language))}
            </MessageBarBody>
          </MessageBar>
        )}
      </div>
    </form>
  )
}

/** Correcting a letter in the middle must not throw the caret to the end; the groups are set again when the field is left. */
function isAtEnd(after: string, before: string): boolean {
  return after.startsWith(before) || before === ''
}
