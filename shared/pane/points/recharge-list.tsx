/// <reference lib="dom" />
import { makeStyles, Text, tokens } from '@fluentui/react-components'
import { useState, type JSX } from 'react'
import { isRefused } from '../proxy-api.ts'
import { ErrorBar } from '../shell/view-frame.tsx'
import { useLanguage, useLoad, useObservable, usePane, useWords } from '../use-pane.ts'
import { printCny, printNumber, printTime } from '../words.ts'
import type { Recharge } from './checkout.ts'
import { POINTS_WORDS } from './words.ts'

const useStyles = makeStyles({
  heading: { margin: 0, fontSize: tokens.fontSizeBase400 },
  list: { listStyleType: 'none', margin: 0, padding: 0 },
  row: {
    display: 'flex',
    flexWrap: 'wrap',
    columnGap: tokens.spacingHorizontalM,
    paddingBlock: tokens.spacingVerticalXS,
    borderBottom: `1px solid ${tokens.colorNeutralStroke2}`,
  },
  grow: { flexGrow: 1 },
})

/** Nothing at all for a workspace that never recharged this way. */
export function RechargeList(): JSX.Element | null {
  const styles = useStyles()
  const { api, checkout, points } = usePane()
  const words = useWords(POINTS_WORDS)
  const language = useLanguage()
  const [recharges, setRecharges] = useState<Recharge[]>([])
  const posted = useObservable(points)?.posted
  const { kind } = useObservable(checkout.state)
  const error = useLoad(
    async (isCurrent) => {
      const reply = await api.recharges()
      if (isRefused(reply)) return reply
      if (isCurrent()) setRecharges(reply.recharges)
    },
    [api, posted, kind],
  )
  if (error) return <ErrorBar error={error} />
  if (recharges.length === 0) return null
  return (
    <section>
      <h3 className={styles.heading}>{words.recharges}</h3>
      <ul className={styles.list}>
        {recharges.map(({ id, cny, state, createdAt, refundedPoints }) => (
          <li key={id} className={styles.row}>
            <Text className={styles.grow}>{printTime(createdAt, language)}</Text>
            <Text>{printCny(cny, language)}</Text>
            <Text weight="semibold">{words.states[state]}</Text>
            {refundedPoints > 0 && <Text>{words.refunded(printNumber(refundedPoints, language))}</Text>}
          </li>
        ))}
      </ul>
    </section>
  )
}
