/// <reference lib="dom" />
/** An owner's view of what each connection may spend a day. */
import { Button, Field, Input, makeStyles, Spinner, Text, tokens } from '@fluentui/react-components'
import { useState, type FormEvent, type JSX } from 'react'
import type { SeatEntryReply } from '../../seats-protocol.ts'
import { isRefused } from '../proxy-api.ts'
import { ErrorBar } from '../shell/view-frame.tsx'
import { useLanguage, useLoad, usePane, useTask, useWords } from '../use-pane.ts'
import { printNumber } from '../words.ts'
import { Part } from './part.tsx'
import { readCap } from './read-cap.ts'
import { SETTINGS_WORDS } from './words.ts'

const useStyles = makeStyles({
  list: { display: 'grid', gap: tokens.spacingVerticalM, width: '100%', maxWidth: '360px' },
  row: { display: 'grid', justifyItems: 'start', gap: tokens.spacingVerticalXS },
  wide: { width: '100%' },
  input: { minWidth: 0 },
})

export function SeatCaps(): JSX.Element {
  const styles = useStyles()
  const { api } = usePane()
  const words = useWords(SETTINGS_WORDS)
  const [seats, setSeats] = useState<SeatEntryReply[] | null>(null)
  const error = useLoad(
    async (isCurrent) => {
      const reply = await api.seats()
      if (isRefused(reply)) return reply
      if (isCurrent()) setSeats(reply.seats.filter(({ revokedAt }) => revokedAt === null))
    },
    [api],
  )
  return (
    <Part title={words.seats}>
      <Text>{words.seatsPurpose}</Text>
      <ErrorBar error={error} />
      {seats === null && error === null && <Spinner size="tiny" label={words.loading} />}
      <div className={styles.list}>
        {seats?.map((seat) => (
          <SeatCap key={seat.id} seat={seat} />
        ))}
      </div>
    </Part>
  )
}

function SeatCap({ seat }: { seat: SeatEntryReply }): JSX.Element {
  const styles = useStyles()
  const { api, refresh } = usePane()
  const words = useWords(SETTINGS_WORDS)
  const language = useLanguage()
  const [saved, setSaved] = useState(seat.dailyCapPoints)
  const [typed, setTyped] = useState(saved === null ? '' : String(saved))
  const [isSaved, setIsSaved] = useState(false)
  const cap = readCap(typed)
  const saving = useTask(async (dailyCapPoints: number | null) => {
    setIsSaved(false)
    const reply = await api.changeSeat(seat.id, { dailyCapPoints })
    if (isRefused(reply)) return reply
    setSaved(reply.dailyCapPoints)
    setIsSaved(true)
    // It may be our own.
    await refresh()
  })
  function submit(event: FormEvent): void {
    event.preventDefault()
    if (cap !== undefined) saving.run(cap)
  }
  const name = seat.name || words.unnamed
  return (
    <form className={styles.row} onSubmit={submit}>
      <Field
        className={styles.wide}
        label={words.capFor(name)}
        hint={words.spentToday(printNumber(seat.spentToday, language))}
        {...(cap === undefined ? { validationMessage: words.capWrong } : {})}
      >
        <Input
          className={styles.input}
          input={{ style: { minWidth: 0 } }}
          inputMode="numeric"
          placeholder={words.capHint}
          value={typed}
          onChange={(_, { value }) => {
            setTyped(value)
            setIsSaved(false)
          }}
        />
      </Field>
      <Button
        type="submit"
        aria-label={`${words.save}: ${name}`}
        disabledFocusable={cap === undefined || cap === saved || saving.isBusy}
      >
        {words.save}
      </Button>
      <div className={styles.wide} role="status">
        {isSaved && words.saved}
      </div>
      <div className={styles.wide}>
        <ErrorBar error={saving.error} />
      </div>
    </form>
  )
}
