/// <reference lib="dom" />
/** What is left, how to get more, and where it went. */
import type { JSX } from 'react'
import { SHELL_WORDS } from '../shell/words.ts'
import { ViewFrame } from '../shell/view-frame.tsx'
import { useLoad, usePane, useWords } from '../use-pane.ts'
import { BalancePart } from './balance-part.tsx'
import { CheckoutPart } from './checkout-form.tsx'
import { EntryList } from './entry-list.tsx'
import { RechargeList } from './recharge-list.tsx'
import { VoucherForm } from './voucher-form.tsx'
import { POINTS_WORDS } from './words.ts'

export function PointsView(): JSX.Element {
  const { views } = useWords(SHELL_WORDS)
  const words = useWords(POINTS_WORDS)
  const pane = usePane()
  useLoad(() => pane.refreshPoints(), [pane])
  return (
    <ViewFrame title={views.points} purpose={words.purpose}>
      <BalancePart />
      <CheckoutPart />
      <VoucherForm />
      <RechargeList />
      <EntryList />
    </ViewFrame>
  )
}
