/// <reference lib="dom" />
/** Names and their numbers, one below the other. */
import { makeStyles, mergeClasses, tokens } from '@fluentui/react-components'
import type { JSX } from 'react'

export interface Figure {
  label: string
  value: string
  isStrong?: boolean
}

const useStyles = makeStyles({
  list: { display: 'grid', margin: 0 },
  line: {
    display: 'flex',
    justifyContent: 'space-between',
    gap: tokens.spacingHorizontalM,
    paddingBlock: tokens.spacingVerticalXS,
    borderBottom: `1px solid ${tokens.colorNeutralStroke3}`,
  },
  // A name breaks between its words only; what stands beside it breaks where it must.
  name: { overflowWrap: 'break-word', wordBreak: 'keep-all' },
  value: { margin: 0, textAlign: 'right', fontVariantNumeric: 'tabular-nums' },
  strong: { fontWeight: tokens.fontWeightSemibold },
})

export function Figures({ figures }: { figures: readonly Figure[] }): JSX.Element {
  const styles = useStyles()
  return (
    <dl className={styles.list}>
      {figures.map(({ label, value, isStrong = false }) => (
        <div key={label} className={mergeClasses(styles.line, isStrong && styles.strong)}>
          <dt className={styles.name}>{label}</dt>
          <dd className={styles.value}>{value}</dd>
        </div>
      ))}
    </dl>
  )
}
