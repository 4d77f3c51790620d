/// <reference lib="dom" />
import { Badge, Button, makeStyles, Spinner, Text, tokens } from '@fluentui/react-components'
import { useState, type JSX } from 'react'
import { isRefused } from '../proxy-api.ts'
import { ButtonRow, ErrorBar } from '../shell/view-frame.tsx'
import { useLanguage, useLoad, usePane, useWords } from '../use-pane.ts'
import { printTime } from '../words.ts'
import { statusName } from './status-name.ts'
import type { Consultation } from './threads.ts'
import { DESK_WORDS } from './words.ts'

const useStyles = makeStyles({
  list: { display: 'grid', gap: tokens.spacingVerticalS, listStyleType: 'none', margin: 0, padding: 0 },
  card: {
    display: 'grid',
    justifyItems: 'start',
    gap: tokens.spacingVerticalXS,
    padding: tokens.spacingHorizontalS,
    border: `1px solid ${tokens.colorNeutralStroke2}`,
    borderRadius: tokens.borderRadiusMedium,
  },
})

export function ConsultationList(props: { onNew: () => void; onOpen: (form: string) => void }): JSX.Element {
  const styles = useStyles()
  const { api } = usePane()
  const words = useWords(DESK_WORDS)
  const [listed, setListed] = useState<Consultation[] | null>(null)
  const [looks, setLooks] = useState(0)
  const error = useLoad(
    async (isCurrent) => {
      const reply = await api.consultations()
      if (isRefused(reply)) return reply
      if (isCurrent()) setListed(reply.consultations)
    },
    [api, looks],
  )
  return (
    <>
      <ButtonRow>
        <Button appearance="primary" onClick={() => props.onNew()}>
          {words.ask}
        </Button>
        {listed !== null && <Button onClick={() => setLooks(looks + 1)}>{words.reload}</Button>}
      </ButtonRow>
      <ErrorBar error={error} onRetry={() => setLooks(looks + 1)} />
      {listed === null && error === null && <Spinner size="tiny" label={words.loading} />}
      {listed?.length === 0 && <Text>{words.empty}</Text>}
      <ul className={styles.list}>
        {listed?.map((item, at) => (
          <li key={item.form || `unconfirmed ${at}`} className={styles.card}>
            <Item item={item} onOpen={(form) => props.onOpen(form)} />
          </li>
        ))}
      </ul>
    </>
  )
}

function Item({ item, onOpen }: { item: Consultation; onOpen: (form: string) => void }): JSX.Element {
  const words = useWords(DESK_WORDS)
  const language = useLanguage()
  const { form, product, status, createdAt } = item
  return (
    <>
      <Text weight="semibold">{product}</Text>
      <Badge appearance="outline" color={status === 'concluded' ? 'brand' : 'informative'}>
        {statusName(status, words.status)}
      </Badge>
      {createdAt !== null && <Text size={200}>{words.created(printTime(createdAt, language))}</Text>}
      {status === 'unconfirmed' && <Text>{words.unconfirmedText}</Text>}
      {form !== '' && (
        <Button size="small" aria-label={words.open(product)} onClick={() => onOpen(form)}>
          {words.read}
        </Button>
      )}
    </>
  )
}
