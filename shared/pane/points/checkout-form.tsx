/// <reference lib="dom" />
import {
  Button,
  Field,
  Input,
  Link,
  makeStyles,
  MessageBar,
  MessageBarBody,
  Spinner,
  Text,
  ToggleButton,
  tokens,
} from '@fluentui/react-components'
import { useEffect, useState, type FormEvent, type JSX } from 'react'
import { failure, sentence } from '../../error-codes.ts'
import { ButtonRow, ErrorBar } from '../shell/view-frame.tsx'
import { useLanguage, useObservable, usePane, useTask, useWords } from '../use-pane.ts'
import { printCny, printNumber } from '../words.ts'
import { pointsFor, QUICK_CNY, readCny } from './amount.ts'
import type { CheckoutState } from './checkout.ts'
import { POINTS_WORDS } from './words.ts'

const useStyles = makeStyles({
  form: { display: 'grid', gap: tokens.spacingVerticalS, justifyItems: 'start', maxWidth: '360px' },
  heading: { margin: 0, fontSize: tokens.fontSizeBase400 },
  amount: { width: '100%' },
})

export function CheckoutPart(): JSX.Element {
  const styles = useStyles()
  const points = useObservable(usePane().points)
  const words = useWords(POINTS_WORDS)
  const language = useLanguage()
  if (points?.canPay !== false) return <CheckoutForm />
  return (
    <div className={styles.form}>
      <h3 className={styles.heading}>{words.recharge}</h3>
      <Text>{sentence(failure('checkout-unavailable'), language)}</Text>
    </div>
  )
}

function CheckoutForm(): JSX.Element {
  const styles = useStyles()
  const { checkout } = usePane()
  const words = useWords(POINTS_WORDS)
  const language = useLanguage()
  const state = useObservable(checkout.state)
  const [typed, setTyped] = useState(String(QUICK_CNY[1]))
  const paying = useTask((cny: number) => checkout.open(cny))
  const cny = readCny(typed)
  function submit(event: FormEvent): void {
    event.preventDefault()
    if (cny !== null) paying.run(cny)
  }
  return (
    <form className={styles.form} onSubmit={submit}>
      <h3 className={styles.heading}>{words.recharge}</h3>
      <div role="group" aria-label={words.quick}>
        <ButtonRow>
          {QUICK_CNY.map((quick) => (
            <ToggleButton key={quick} size="small" checked={cny === quick} onClick={() => setTyped(String(quick))}>
              ¥{printNumber(quick, language)}
            </ToggleButton>
          ))}
        </ButtonRow>
      </div>
      <Field
        className={styles.amount}
        label={words.amount}
        validationState={cny === null ? 'error' : 'none'}
        validationMessage={cny === null ? words.amountHint : words.buys(printNumber(pointsFor(cny), language))}
      >
        <Input
          contentBefore={<Text>¥</Text>}
          inputMode="numeric"
          autoComplete="off"
          value={typed}
          onChange={(_, { value }) => setTyped(value)}
        />
      </Field>
      <Button appearance="primary" type="submit" disabledFocusable={cny === null || state.kind === 'opening'}>
        {cny === null ? words.payEmpty : words.pay(printCny(cny, language))}
      </Button>
      <ErrorBar error={state.kind === 'refused' ? state.error : paying.error} />
      <div role="status">
        <Progress state={state} />
      </div>
    </form>
  )
}

function Progress({ state }: { state: CheckoutState }): JSX.Element | null {
  const { checkout } = usePane()
  const words = useWords(POINTS_WORDS)
  const language = useLanguage()
  const looking = useTask(() => checkout.look())
  const { run: look } = looking
  useEffect(() => {
    window.addEventListener('focus', look)
    return () => window.removeEventListener('focus', look)
  }, [look])

  switch (state.kind) {
    case 'none':
    case 'refused':
      return null
    case 'opening':
      return <Spinner size="tiny" label={words.opening} />
    case 'open':
      return (
        <MessageBar intent="info" layout="multiline">
          <MessageBarBody>
            {state.isWatched ? words.waiting(printCny(state.recharge.cny, language)) : words.waitingStopped}{' '}
            <Link inline href={state.url} target="_blank" rel="noopener noreferrer">
              {words.openPage}
            </Link>{' '}
            <Button size="small" disabledFocusable={looking.isBusy} onClick={() => look()}>
              {words.lookNow}
            </Button>
          </MessageBarBody>
        </MessageBar>
      )
    case 'ended':
      return (
        <MessageBar intent={state.recharge.state === 'paid' ? 'success' : 'warning'} layout="multiline">
          <MessageBarBody>
            {words.ended[state.recharge.state](printNumber(state.recharge.points, language))}
          </MessageBarBody>
        </MessageBar>
      )
  }
}
