/// <reference lib="dom" />
import { makeStyles, tokens } from '@fluentui/react-components'
import type { JSX, ReactNode } from 'react'

const useStyles = makeStyles({
  part: { display: 'grid', gap: tokens.spacingVerticalS, justifyItems: 'start' },
  heading: { margin: 0, fontSize: tokens.fontSizeBase400 },
  facts: {
    display: 'grid',
    gridTemplateColumns: 'minmax(96px, auto) 1fr',
    gap: `${tokens.spacingVerticalXS} ${tokens.spacingHorizontalM}`,
    margin: 0,
    '& dt': { color: tokens.colorNeutralForeground2 },
    '& dd': { margin: 0 },
  },
})

export function Part({ title, children }: { title: string; children: ReactNode }): JSX.Element {
  const styles = useStyles()
  return (
    <section className={styles.part}>
      <h3 className={styles.heading}>{title}</h3>
      {children}
    </section>
  )
}

/** Names with what they are. */
export function Facts({ facts }: { facts: readonly (readonly [name: string, value: string])[] }): JSX.Element {
  return (
    <dl className={useStyles().facts}>
      {facts.map(([name, value]) => [<dt key={`${name}:`}>{name}</dt>, <dd key={name}>{value}</dd>])}
    </dl>
  )
}
