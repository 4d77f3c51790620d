/// <reference lib="dom" />
import {
  Field,
  makeStyles,
  MessageBar,
  MessageBarBody,
  ProgressBar,
  Spinner,
  Text,
  tokens,
} from '@fluentui/react-components'
import type { JSX } from 'react'
import type { Points } from '../create-pane.ts'
import { useLanguage, useObservable, usePane, useWords } from '../use-pane.ts'
import { printNumber } from '../words.ts'
import { warningOf } from './points-warning.ts'
import { POINTS_WORDS } from './words.ts'

const useStyles = makeStyles({
  part: { display: 'grid', gap: tokens.spacingVerticalS },
  balance: { fontSize: tokens.fontSizeBase600, lineHeight: tokens.lineHeightBase600 },
})

export function BalancePart(): JSX.Element {
  const words = useWords(POINTS_WORDS)
  const points = useObservable(usePane().points)
  return points ? <Balance points={points} /> : <Spinner size="tiny" label={words.loading} />
}

function Balance({ points }: { points: Points }): JSX.Element {
  const styles = useStyles()
  const words = useWords(POINTS_WORDS)
  const language = useLanguage()
  const print = (count: number): string => printNumber(count, language)
  const { balance, held, spentToday, dailyCap, capLeft } = points
  const warning = warningOf(points)
  return (
    <div className={styles.part}>
      <Text className={styles.balance} weight="semibold">
        {words.balance(print(balance))}
      </Text>
      {held > 0 && <Text>{words.held(print(held))}</Text>}
      {dailyCap === null || capLeft === null ? (
        <Text>{words.noCap(print(spentToday))}</Text>
      ) : (
        <Field label={words.today} hint={words.ofCap(print(spentToday), print(dailyCap), print(capLeft))}>
          <ProgressBar
            thickness="large"
            value={dailyCap === 0 ? 1 : Math.min(1, spentToday / dailyCap)}
            color={warning === 'cap-reached' ? 'error' : warning === 'cap-low' ? 'warning' : 'brand'}
          />
        </Field>
      )}
      {warning !== null && (
        <MessageBar intent="warning" layout="multiline">
          <MessageBarBody>{words.warnings[warning]}</MessageBarBody>
        </MessageBar>
      )}
    </div>
  )
}
