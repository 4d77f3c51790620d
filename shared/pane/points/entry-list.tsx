/// <reference lib="dom" />
import { Button, makeStyles, mergeClasses, Spinner, Text, tokens } from '@fluentui/react-components'
import { useState, type JSX } from 'react'
import type { z } from 'zod/mini'
import type { entriesReply } from '../../protocol.ts'
import { isRefused } from '../proxy-api.ts'
import { ErrorBar } from '../shell/view-frame.tsx'
import { useLanguage, useLoad, useObservable, usePane, useTask, useWords } from '../use-pane.ts'
import { printNumber, printTime } from '../words.ts'
import { kindOf } from './entry-kind.ts'
import { POINTS_WORDS } from './words.ts'

type Entries = z.infer<typeof entriesReply>

const useStyles = makeStyles({
  heading: { margin: 0, fontSize: tokens.fontSizeBase400 },
  list: { listStyleType: 'none', margin: 0, padding: 0 },
  row: {
    display: 'grid',
    gridTemplateColumns: '1fr auto',
    columnGap: tokens.spacingHorizontalM,
    paddingBlock: tokens.spacingVerticalXS,
    borderBottom: `1px solid ${tokens.colorNeutralStroke2}`,
  },
  number: { justifySelf: 'end', fontVariantNumeric: 'tabular-nums' },
  quiet: { color: tokens.colorNeutralForeground2 },
})

export function EntryList(): JSX.Element {
  const styles = useStyles()
  const { api, points } = usePane()
  const words = useWords(POINTS_WORDS)
  const language = useLanguage()
  const [page, setPage] = useState<Entries | null>(null)
  const posted = useObservable(points)?.posted
  const error = useLoad(
    async (isCurrent) => {
      const reply = await api.entries(null)
      if (isRefused(reply)) return reply
      if (isCurrent()) setPage(reply)
    },
    [api, posted],
  )
  const loading = useTask(async () => {
    const reply = await api.entries(page?.before ?? null)
    if (isRefused(reply)) return reply
    // Read anew meanwhile: what follows the old list does not follow the new one.
    setPage((now) => (now && now === page ? { ...reply, entries: [...now.entries, ...reply.entries] } : now))
  })
  const print = (count: number): string => printNumber(count, language)
  return (
    <section>
      <h3 className={styles.heading}>{words.entries}</h3>
      <ErrorBar error={error ?? loading.error} />
      {page === null && error === null && <Spinner size="tiny" label={words.loading} />}
      {page?.entries.length === 0 && <Text>{words.noEntries}</Text>}
      <ul className={styles.list}>
        {page?.entries.map(({ version, kind, ref, points, balanceAfter, at }) => (
          <li key={version} className={styles.row}>
            <Text>{kindOf({ kind, ref }, words.kinds)}</Text>
            <Text className={styles.number} weight="semibold">
              {words.pointsChange(printNumber(points, language, { signDisplay: 'exceptZero' }))}
            </Text>
            <Text size={200} className={styles.quiet}>
              {printTime(at, language)}
            </Text>
            <Text size={200} className={mergeClasses(styles.quiet, styles.number)}>
              {words.balanceAfter(print(balanceAfter))}
            </Text>
          </li>
        ))}
      </ul>
      {page !== null && page.before !== null && (
        <Button size="small" disabledFocusable={loading.isBusy} onClick={() => loading.run()}>
          {words.more}
        </Button>
      )}
    </section>
  )
}
