/// <reference lib="dom" />
import { makeStyles, mergeClasses, Text, tokens } from '@fluentui/react-components'
import type { JSX } from 'react'
import { useLanguage, useWords } from '../use-pane.ts'
import { joinSentences, printNumber, printPercent } from '../words.ts'
import { barOf, type TradeLook } from './trade-look.ts'
import { TRADE_WORDS } from './words.ts'

const useStyles = makeStyles({
  scroll: { overflowX: 'auto' },
  table: {
    borderCollapse: 'collapse',
    width: '100%',
    fontVariantNumeric: 'tabular-nums',
    '& caption': { textAlign: 'start', fontWeight: tokens.fontWeightSemibold, paddingBottom: tokens.spacingVerticalXS },
    '& th': { fontWeight: tokens.fontWeightRegular, textAlign: 'start', overflowWrap: 'normal' },
    '& th, & td': {
      padding: `${tokens.spacingVerticalXS} ${tokens.spacingHorizontalXS}`,
      borderBottom: `1px solid ${tokens.colorNeutralStroke2}`,
      verticalAlign: 'top',
    },
    '& thead th': { color: tokens.colorNeutralForeground2, fontSize: tokens.fontSizeBase200 },
    '& td, & thead th:nth-child(n+2)': { textAlign: 'end', whiteSpace: 'nowrap' },
  },
  bar: {
    height: '8px',
    marginTop: tokens.spacingVerticalXXS,
    backgroundColor: tokens.colorCompoundBrandBackground,
    borderRadius: tokens.borderRadiusSmall,
    minWidth: '1px',
    // Forced colours paint every background alike.
    border: '1px solid transparent',
  },
  other: { backgroundColor: tokens.colorNeutralForeground3 },
  notes: { display: 'block', paddingTop: tokens.spacingVerticalS },
})

/** A table with a bar in each row: who sees it compares lengths, who hears it hears the numbers. */
export function TradeChart({ look }: { look: TradeLook }): JSX.Element {
  const styles = useStyles()
  const words = useWords(TRADE_WORDS)
  const language = useLanguage()
  const { wish, rows, source, points } = look
  const print = (count: number | null): string => (count === null ? '–' : printNumber(count, language))
  const caption = words.caption(wish.product)
  return (
    <div>
      <div className={styles.scroll} role="region" aria-label={caption} tabIndex={0}>
        <table className={styles.table}>
          <caption>{caption}</caption>
          <thead>
            <tr>
              <th scope="col">{words.country}</th>
              <th scope="col">{words.share}</th>
              <th scope="col">{words.trades}</th>
              <th scope="col">{words.sellers}</th>
              <th scope="col">{words.buyers}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.country}>
                <th scope="row">
                  {row.country}
                  <div
                    className={mergeClasses(styles.bar, row.isOther && styles.other)}
                    style={{ width: `${(100 * barOf(row, rows)).toFixed(1)}%` }}
                  />
                </th>
                <td>{printPercent(row.share, language)}</td>
                <td>{print(row.trades)}</td>
                <td>{print(row.sellers)}</td>
                <td>{print(row.buyers)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <Text size={200} className={styles.notes}>
        {joinSentences(language, [
          words.byCount,
          wish.from || wish.to ? words.period(wish.from || '…', wish.to || '…') : words.usualPeriod,
          source && words.source(source.edition),
          words.points(printNumber(points, language)),
        ])}
      </Text>
    </div>
  )
}
