/// <reference lib="dom" />
/** A new question. Sent only once its box is ticked: it acts in the person's name, and its pictures become public. */
import {
  Button,
  Checkbox,
  Field,
  Input,
  makeStyles,
  mergeClasses,
  MessageBar,
  MessageBarBody,
  Spinner,
  Text,
  Textarea,
  tokens,
} from '@fluentui/react-components'
import { DismissRegular } from '@fluentui/react-icons'
import { useRef, useState, type FormEvent, type JSX } from 'react'
import { failure, isFailure } from '../../error-codes.ts'
import { printFailure } from '../../print-failure.ts'
import { dataUrl, printBytes, readPicture } from '../picture/read-picture.ts'
import { useGivenFiles } from '../picture/use-given-files.ts'
import { isRefused } from '../proxy-api.ts'
import { StepHeading } from '../shell/step-heading.tsx'
import { ErrorBar } from '../shell/view-frame.tsx'
import { useLanguage, useObservable, usePane, useTask, useWords } from '../use-pane.ts'
import { joinSentences, printNumber } from '../words.ts'
import {
  DESK_PICTURE_LIMITS,
  DESK_PICTURES_MAX,
  DRAFT_FIELDS,
  FIELD_CHARACTERS_MAX,
  isWhole,
  type DraftField,
} from './expert-draft.ts'
import { DESK_WORDS } from './words.ts'

const useStyles = makeStyles({
  form: { display: 'grid', gap: tokens.spacingVerticalS },
  over: { outline: `2px solid ${tokens.colorStrokeFocus2}` },
  pictures: { display: 'flex', flexWrap: 'wrap', gap: tokens.spacingHorizontalS },
  picture: { display: 'grid', gap: tokens.spacingVerticalXXS, justifyItems: 'start', maxWidth: '120px' },
  thumbnail: { width: '88px', height: '88px', objectFit: 'cover', borderRadius: tokens.borderRadiusMedium },
  file: { display: 'none' },
  start: { justifySelf: 'start' },
})

// More than a line can hold, as the proxy takes it.
const LONG = 500

export function ConsultationForm(): JSX.Element {
  const styles = useStyles()
  const { expertDraft } = usePane()
  const words = useWords(DESK_WORDS)
  const language = useLanguage()
  const draft = useObservable(expertDraft.draft)
  const [made, setMade] = useState<{ form: string; imageUrls: string[] } | null>(null)
  const sending = useTask(async () => {
    setMade(null)
    const reply = await expertDraft.send()
    if (isRefused(reply)) return reply
    setMade(reply)
  })
  function submit(event: FormEvent): void {
    event.preventDefault()
    if (isWhole(draft)) sending.run()
  }
  return (
    <form className={styles.form} onSubmit={submit}>
      <StepHeading>{words.ask}</StepHeading>
      <Text>{words.cost}</Text>
      {DRAFT_FIELDS.map((field) => (
        <DraftText key={field} field={field} />
      ))}
      <Pictures />
      <Checkbox
        label={words.confirm}
        checked={draft.isConfirmed}
        onChange={(_, { checked }) => expertDraft.confirm(checked === true)}
      />
      <Button
        className={styles.start}
        appearance="primary"
        type="submit"
        disabledFocusable={!isWhole(draft) || sending.isBusy}
      >
        {words.submit}
      </Button>
      <ErrorBar error={sending.error} />
      <div role="status">
        {sending.isBusy && <Spinner size="tiny" label={words.submitting} />}
        {made && (
          <MessageBar intent="success" layout="multiline">
            <MessageBarBody>
              {joinSentences(language, [
                words.made(made.form),
                made.imageUrls.length > 0 && words.madePictures(printNumber(made.imageUrls.length, language)),
              ])}
            </MessageBarBody>
          </MessageBar>
        )}
      </div>
    </form>
  )
}

function DraftText({ field }: { field: DraftField }): JSX.Element {
  const { expertDraft } = usePane()
  const words = useWords(DESK_WORDS)
  const text = useObservable(expertDraft.draft).fields[field] ?? ''
  const isName = field === 'productNameCn'
  const maxLength = FIELD_CHARACTERS_MAX[field]
  const write = (value: string): void => expertDraft.write(field, value)
  return (
    <Field label={words.fields[field]} required={isName} {...(isName ? { hint: words.nameHint } : {})}>
      {maxLength > LONG ? (
        <Textarea value={text} maxLength={maxLength} resize="vertical" onChange={(_, { value }) => write(value)} />
      ) : (
        <Input value={text} maxLength={maxLength} onChange={(_, { value }) => write(value)} />
      )}
    </Field>
  )
}

function Pictures(): JSX.Element {
  const styles = useStyles()
  const { expertDraft } = usePane()
  const words = useWords(DESK_WORDS)
  const language = useLanguage()
  const { pictures } = useObservable(expertDraft.draft)
  const chooser = useRef<HTMLInputElement>(null)
  const adding = useTask(async (files: readonly File[]) => {
    const room = DESK_PICTURES_MAX - expertDraft.draft.get().pictures.length
    if (files.length > room) {
      const count = DESK_PICTURES_MAX - room + files.length
      const limits = { count, max: DESK_PICTURES_MAX, bytes: printBytes(DESK_PICTURE_LIMITS.bytesMax) }
      return { error: printFailure(failure('too-many-pictures', limits), language) }
    }
    for (const file of files) {
      const picture = await readPicture(file, DESK_PICTURE_LIMITS)
      if (isFailure(picture)) return { error: printFailure(picture, language) }
      expertDraft.addPicture(picture)
    }
  })
  const { isOver, zone } = useGivenFiles(adding.run)
  return (
    <div
      className={mergeClasses(styles.form, isOver && styles.over)}
      role="group"
      aria-label={words.pictures}
      {...zone}
    >
      <Text weight="semibold">{words.pictures}</Text>
      <Text size={200}>{words.picturesHint}</Text>
      <div className={styles.pictures}>
        {pictures.map((picture, at) => (
          <div key={`${picture.name} ${at}`} className={styles.picture}>
            <img className={styles.thumbnail} src={dataUrl(picture)} alt={picture.name} />
            <Text size={200}>{printBytes(picture.bytes)}</Text>
            <Button
              size="small"
              icon={<DismissRegular />}
              aria-label={words.remove(picture.name)}
              onClick={() => expertDraft.removePicture(at)}
            />
          </div>
        ))}
      </div>
      <input
        ref={chooser}
        className={styles.file}
        type="file"
        multiple
        accept="image/jpeg,image/png,image/gif,image/webp"
        aria-label={words.addPicture}
        onChange={(event) => {
          adding.run([...(event.target.files ?? [])])
          event.target.value = ''
        }}
      />
      <Button
        className={styles.start}
        disabledFocusable={pictures.length >= DESK_PICTURES_MAX || adding.isBusy}
        onClick={() => chooser.current?.click()}
      >
        {words.addPicture}
      </Button>
      <ErrorBar error={adding.error} />
    </div>
  )
}
