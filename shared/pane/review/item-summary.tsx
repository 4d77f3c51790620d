/// <reference lib="dom" />
/** What the row says, what is in the sheet for it, and why somebody should look. */
import { Badge, makeStyles, Text, tokens } from '@fluentui/react-components'
import type { JSX } from 'react'
import { FACT_NAMES } from '../../memory-protocol.ts'
import { printTariffCode } from '../../tariff-code.ts'
import { REASON_WORDS } from '../bulk/reason-words.ts'
import { useLanguage, useWords } from '../use-pane.ts'
import { printNumber, printPercent } from '../words.ts'
import type { ReviewItem } from './queue.ts'
import { REVIEW_WORDS } from './words.ts'

const useStyles = makeStyles({
  goods: {
    margin: 0,
    fontSize: tokens.fontSizeBase400,
    lineHeight: tokens.lineHeightBase400,
    fontWeight: tokens.fontWeightSemibold,
  },
  badges: { display: 'flex', flexWrap: 'wrap', gap: tokens.spacingHorizontalXS },
  now: {
    display: 'grid',
    gap: tokens.spacingVerticalXXS,
    padding: tokens.spacingHorizontalM,
    backgroundColor: tokens.colorNeutralBackground3,
    // Seen where forced colours paint every background alike.
    border: '1px solid transparent',
    borderRadius: tokens.borderRadiusMedium,
  },
  code: { fontFamily: tokens.fontFamilyMonospace, fontWeight: tokens.fontWeightSemibold },
  soft: { color: tokens.colorNeutralForeground2 },
})

export function ItemSummary({ item }: { item: ReviewItem }): JSX.Element {
  const styles = useStyles()
  const language = useLanguage()
  const words = useWords(REVIEW_WORDS)
  const { reasons } = useWords(REASON_WORDS)
  const { row } = item
  const facts = FACT_NAMES.map((name) => row.facts[name] ?? '').filter((fact) => fact !== '')
  return (
    <>
      <div>
        <h3 className={styles.goods}>{row.description}</h3>
        <Text className={styles.soft}>{[...facts, row.country].join(' · ')}</Text>
      </div>
      <div className={styles.badges} role="list" aria-label={words.why}>
        {row.reviews.map((reason) => (
          <Badge key={reason} role="listitem" appearance="outline" color={row.code === null ? 'danger' : 'warning'}>
            {reasons[reason]}
          </Badge>
        ))}
      </div>
      {item.ns.length > 1 && <Text>{words.sameGoods(printNumber(item.ns.length, language))}</Text>}
      <div className={styles.now}>
        <Text className={styles.soft}>{words.chosen}</Text>
        <Text>
          <span className={styles.code}>
            {row.code === null ? words.noCode : (printTariffCode(row.code, 'dots') ?? row.code)}
          </span>{' '}
          {row.label}
        </Text>
        {row.error && <Text>{row.error.message}</Text>}
        {row.code !== null && (
          <Text className={styles.soft}>
            {row.confidence === null ? words.noConfidence : words.confidence(printPercent(row.confidence, language))}
            {' · '}
            {row.agreement === null ? words.noAgreement : words.agreement(row.agreement)}
          </Text>
        )}
        {row.source && (
          <Text className={styles.soft}>
            {words.by(row.source.provider)} · {words.edition(row.source.edition)}
          </Text>
        )}
      </div>
      <Stake item={item} />
    </>
  )
}

function Stake({ item: { value, spread, atStake } }: { item: ReviewItem }): JSX.Element | null {
  const language = useLanguage()
  const words = useWords(REVIEW_WORDS)
  const parts: string[] = []
  if (value !== null) parts.push(words.value(printNumber(value, language)))
  if (atStake !== null && atStake > 0)
    parts.push(words.atStake(printNumber(atStake, language, { maximumFractionDigits: 0 })))
  if (spread === 0) parts.push(words.sameRate)
  return parts.length === 0 ? null : <Text>{parts.join(' · ')}</Text>
}
