/// <reference lib="dom" />
/** The likely codes, each with who says so, how sure, and its rate. */
import { Button, makeStyles, Text, tokens } from '@fluentui/react-components'
import type { JSX } from 'react'
import { printTariffCode } from '../../tariff-code.ts'
import type { Candidate } from '../bulk/classified.ts'
import { useLanguage, usePane, useWords } from '../use-pane.ts'
import { printPercent } from '../words.ts'
import { rateKey } from './candidate-rates.ts'
import type { ReviewItem } from './queue.ts'
import { REVIEW_WORDS } from './words.ts'

const useStyles = makeStyles({
  heading: { margin: 0, fontSize: tokens.fontSizeBase300, fontWeight: tokens.fontWeightSemibold },
  list: { listStyleType: 'none', margin: 0, padding: 0, display: 'grid', gap: tokens.spacingVerticalS },
  entry: {
    display: 'grid',
    gridTemplateColumns: 'minmax(0, 1fr) auto',
    gap: tokens.spacingHorizontalS,
    alignItems: 'center',
  },
  code: { fontFamily: tokens.fontFamilyMonospace, fontWeight: tokens.fontWeightSemibold },
  soft: { color: tokens.colorNeutralForeground2, display: 'block' },
})

export function Candidates({
  item,
  candidates,
  isBusy,
  onChoose,
}: {
  item: ReviewItem
  candidates: readonly Candidate[]
  isBusy: boolean
  onChoose: (code: string) => void
}): JSX.Element {
  const styles = useStyles()
  const language = useLanguage()
  const words = useWords(REVIEW_WORDS)
  const { rates } = usePane().review
  if (candidates.length === 0) return <Text>{words.nobody}</Text>
  return (
    <div>
      <h3 className={styles.heading}>{words.candidates}</h3>
      <ol className={styles.list}>
        {candidates.map(({ code, label, score, provider }, at) => {
          const rate = rates.get(rateKey(item.row.country, code))
          const said = [
            ...(score === null ? [] : [words.confidence(printPercent(score, language))]),
            words.by(provider),
            ...(rate ? [rate.text === '' ? words.rateUnknown : words.mfn(rate.text)] : []),
            ...(rate?.edition ? [words.edition(rate.edition)] : []),
          ]
          return (
            <li key={code} className={styles.entry}>
              <div>
                <span className={styles.code}>{printTariffCode(code, 'dots') ?? code}</span> <Text>{label}</Text>
                <Text size={200} className={styles.soft}>
                  {said.join(' · ')}
                </Text>
              </div>
              <Button size="small" disabledFocusable={isBusy} onClick={() => onChoose(code)}>
                {words.choose(at + 1)}
              </Button>
            </li>
          )
        })}
      </ol>
    </div>
  )
}
