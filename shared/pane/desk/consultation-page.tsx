/// <reference lib="dom" />
/** One consultation: how it stands, what the expert decided, and the talk about each field. */
import { Badge, Button, Field, makeStyles, Select, Spinner, Text, Textarea, tokens } from '@fluentui/react-components'
import { useState, type FormEvent, type JSX } from 'react'
import { isRefused } from '../proxy-api.ts'
import { StepHeading } from '../shell/step-heading.tsx'
import { ErrorBar } from '../shell/view-frame.tsx'
import { useLanguage, useLoad, usePane, useTask, useWords } from '../use-pane.ts'
import { printTime } from '../words.ts'
import { statusName } from './status-name.ts'
import { DESK_FIELDS, isDeskField, threadsOf, type Consultation, type Dialog } from './threads.ts'
import { DESK_WORDS, type DeskWords } from './words.ts'

const useStyles = makeStyles({
  page: { display: 'grid', gap: tokens.spacingVerticalM, justifyItems: 'start' },
  heading: { margin: 0, fontSize: tokens.fontSizeBase400 },
  code: { fontFamily: tokens.fontFamilyMonospace, fontSize: tokens.fontSizeBase400 },
  thread: { display: 'grid', gap: tokens.spacingVerticalS, width: '100%' },
  message: {
    padding: tokens.spacingHorizontalS,
    backgroundColor: tokens.colorNeutralBackground3,
    // Seen where forced colours paint every background alike.
    border: '1px solid transparent',
    borderRadius: tokens.borderRadiusMedium,
    whiteSpace: 'pre-wrap',
  },
  list: { display: 'grid', gap: tokens.spacingVerticalXS, listStyleType: 'none', margin: 0, padding: 0 },
  form: { display: 'grid', gap: tokens.spacingVerticalS, justifyItems: 'start', width: '100%' },
  wide: { width: '100%' },
})

export function ConsultationPage({ form }: { form: string }): JSX.Element {
  const styles = useStyles()
  const { api } = usePane()
  const words = useWords(DESK_WORDS)
  const language = useLanguage()
  const [found, setFound] = useState<Consultation | null>(null)
  const [looks, setLooks] = useState(0)
  const lookAgain = (): void => setLooks((before) => before + 1)
  const error = useLoad(
    async (isCurrent) => {
      const reply = await api.consultation(form)
      if (isRefused(reply)) return reply
      if (isCurrent()) setFound(reply)
    },
    [api, form, looks],
  )
  if (!found) {
    return error ? <ErrorBar error={error} onRetry={lookAgain} /> : <Spinner size="tiny" label={words.loading} />
  }
  const { product, status, code, reason, createdAt } = found
  const threads = threadsOf(found)
  return (
    <div className={styles.page}>
      <ErrorBar error={error} onRetry={lookAgain} />
      <div>
        <StepHeading>{product}</StepHeading>
        <Text block size={200}>
          {words.form(form)}
          {createdAt !== null && ` · ${words.created(printTime(createdAt, language))}`}
        </Text>
        <Badge appearance="outline" color={status === 'concluded' ? 'brand' : 'informative'}>
          {statusName(status, words.status)}
        </Badge>
      </div>
      {code !== null && (
        <div>
          <Text block>
            {words.code}: <span className={styles.code}>{code}</span>
          </Text>
          <Text block>
            {words.reason}: {reason || words.noReason}
          </Text>
          <Text size={200}>
            {words.source}, {words.form(form)}
          </Text>
        </div>
      )}
      <Button size="small" onClick={lookAgain}>
        {words.reload}
      </Button>
      <h3 className={styles.heading}>{words.threads}</h3>
      {threads.length === 0 && <Text>{words.noThreads}</Text>}
      {threads.flatMap(({ field, dialogs }) =>
        dialogs.map((dialog) => (
          <DialogPart key={dialog.id} form={form} field={field} dialog={dialog} onSent={lookAgain} />
        )),
      )}
      <NewDialog form={form} onSent={lookAgain} />
    </div>
  )
}

function DialogPart(props: { form: string; field: string; dialog: Dialog; onSent: () => void }): JSX.Element {
  const styles = useStyles()
  const words = useWords(DESK_WORDS)
  const language = useLanguage()
  const { form, field, dialog } = props
  const name = fieldName(field, words)
  return (
    <section className={styles.thread} aria-label={`${words.about} ${name}`}>
      <Text weight="semibold">
        {words.about} {name}
      </Text>
      <ol className={styles.list}>
        {dialog.messages.map(({ from, text, at }, index) => (
          <li key={`${at} ${index}`} className={styles.message}>
            <Text block size={200}>
              {[from, at !== null && printTime(at, language)].filter(Boolean).join(' · ')}
            </Text>
            {text}
          </li>
        ))}
      </ol>
      <MessageForm
        label={words.answer(name)}
        message={{ form, field, dialog: dialog.id }}
        onSent={() => props.onSent()}
      />
    </section>
  )
}

function NewDialog({ form, onSent }: { form: string; onSent: () => void }): JSX.Element {
  const styles = useStyles()
  const words = useWords(DESK_WORDS)
  const [field, setField] = useState<string>(DESK_FIELDS[2])
  return (
    <section className={styles.thread} aria-label={words.askAbout}>
      <h3 className={styles.heading}>{words.askAbout}</h3>
      <Field label={words.about}>
        <Select value={field} onChange={(_, { value }) => setField(value)}>
          {DESK_FIELDS.map((known) => (
            <option key={known} value={known}>
              {words.deskFields[known]}
            </option>
          ))}
        </Select>
      </Field>
      <MessageForm label={words.message} message={{ form, field }} onSent={onSent} />
    </section>
  )
}

function MessageForm(props: {
  label: string
  message: { form: string; field: string; dialog?: string }
  onSent: () => void
}): JSX.Element {
  const styles = useStyles()
  const { api } = usePane()
  const words = useWords(DESK_WORDS)
  const [text, setText] = useState('')
  const [isSent, setIsSent] = useState(false)
  const sending = useTask(async () => {
    const { form, ...message } = props.message
    // The button says that it is sent in the person's name.
    const reply = await api.writeMessage(form, { ...message, text: text.trim(), confirm: true })
    if (isRefused(reply)) return reply
    setText('')
    setIsSent(true)
    props.onSent()
  })
  function submit(event: FormEvent): void {
    event.preventDefault()
    if (text.trim() !== '') sending.run()
  }
  return (
    <form className={styles.form} onSubmit={submit}>
      <Field className={styles.wide} label={props.label} hint={words.sendHint}>
        <Textarea
          value={text}
          maxLength={2000}
          resize="vertical"
          onChange={(_, { value }) => {
            setText(value)
            setIsSent(false)
          }}
        />
      </Field>
      <Button type="submit" disabledFocusable={text.trim() === '' || sending.isBusy}>
        {words.send}
      </Button>
      <div role="status">{isSent && words.sent}</div>
      <ErrorBar error={sending.error} />
    </form>
  )
}

function fieldName(field: string, words: DeskWords): string {
  return isDeskField(field) ? words.deskFields[field] : field
}
