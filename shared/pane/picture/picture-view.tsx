/// <reference lib="dom" />
/** What goods a picture shows. */
import { Button, Field, Input, makeStyles, mergeClasses, Spinner, Text, tokens } from '@fluentui/react-components'
import { useRef, useState, type JSX } from 'react'
import { PICTURE_BYTES_MAX } from '../../desk-protocol.ts'
import { failure, isFailure } from '../../error-codes.ts'
import { printFailure } from '../../print-failure.ts'
import { isRefused } from '../proxy-api.ts'
import { SHELL_WORDS } from '../shell/words.ts'
import { ErrorBar, ViewFrame } from '../shell/view-frame.tsx'
import { useLanguage, useObservable, usePane, useTask, useWords } from '../use-pane.ts'
import { PictureResults } from './picture-results.tsx'
import { readAddress, toLook, type Shown } from './picture-look.ts'
import { dataUrl, LOOKED_UP_KINDS, printBytes, readPicture } from './read-picture.ts'
import { useGivenFiles } from './use-given-files.ts'
import { PICTURE_WORDS } from './words.ts'

const useStyles = makeStyles({
  zone: {
    display: 'grid',
    gap: tokens.spacingVerticalS,
    justifyItems: 'start',
    padding: tokens.spacingHorizontalM,
    border: `1px dashed ${tokens.colorNeutralStrokeAccessible}`,
    borderRadius: tokens.borderRadiusMedium,
  },
  over: { outline: `2px solid ${tokens.colorStrokeFocus2}` },
  picture: { maxWidth: '100%', maxHeight: '180px', objectFit: 'contain' },
  // Still there for the keyboard and screen readers, through its button.
  file: { display: 'none' },
})

const LIMITS = { kinds: LOOKED_UP_KINDS, bytesMax: PICTURE_BYTES_MAX }

export function PictureView(): JSX.Element {
  const styles = useStyles()
  const { api, pictureLook, refreshPoints } = usePane()
  const { views } = useWords(SHELL_WORDS)
  const words = useWords(PICTURE_WORDS)
  const language = useLanguage()
  const look = useObservable(pictureLook)
  const chooser = useRef<HTMLInputElement>(null)
  const [shown, setShown] = useState<Shown | null>(look?.shown.kind === 'file' ? look.shown : null)
  const [typed, setTyped] = useState(look?.shown.kind === 'address' ? look.shown.url : '')

  const choosing = useTask(async (files: readonly File[]) => {
    const [file] = files
    if (!file) return
    if (files.length > 1) {
      const limits = { count: files.length, max: 1, bytes: printBytes(PICTURE_BYTES_MAX) }
      return { error: printFailure(failure('too-many-pictures', limits), language) }
    }
    const picture = await readPicture(file, LIMITS)
    if (isFailure(picture)) return { error: printFailure(picture, language) }
    setShown({ kind: 'file', picture })
    setTyped('')
    looking.clear()
  })
  const looking = useTask(async (wanted: Shown) => {
    const reply = await api.lookUpPicture({
      ...(wanted.kind === 'file' ? { image: wanted.picture.base64 } : { url: wanted.url }),
      n: 5,
      lang: language,
    })
    if (isRefused(reply)) return reply
    pictureLook.set(toLook(wanted, reply))
    void refreshPoints()
  })
  const { isOver, zone } = useGivenFiles(choosing.run)

  const address = readAddress(typed)
  const wanted: Shown | null =
    address === null ? (typed.trim() === '' ? shown : null) : { kind: 'address', url: address }
  const isWrong = typed.trim() !== '' && address === null
  return (
    <ViewFrame title={views.picture} purpose={words.purpose}>
      <div className={mergeClasses(styles.zone, isOver && styles.over)} {...zone}>
        {shown?.kind === 'file' && (
          <>
            <img className={styles.picture} src={dataUrl(shown.picture)} alt={words.preview} />
            <Text size={200}>{words.chosen(shown.picture.name, printBytes(shown.picture.bytes))}</Text>
          </>
        )}
        <input
          ref={chooser}
          className={styles.file}
          type="file"
          accept="image/jpeg,image/png,image/gif,image/webp,image/bmp"
          aria-label={words.choose}
          onChange={(event) => {
            choosing.run([...(event.target.files ?? [])])
            // The same file chosen again is a choice too.
            event.target.value = ''
          }}
        />
        <Button onClick={() => chooser.current?.click()}>{shown ? words.another : words.choose}</Button>
        <Text size={200}>{words.drop}</Text>
      </div>
      <ErrorBar error={choosing.error} />
      <Field
        label={words.address}
        hint={words.addressHint}
        {...(isWrong ? { validationMessage: words.addressWrong } : {})}
      >
        <Input type="url" value={typed} onChange={(_, { value }) => setTyped(value)} placeholder="https://" />
      </Field>
      <div>
        <Button
          appearance="primary"
          disabledFocusable={wanted === null || looking.isBusy}
          onClick={() => wanted && looking.run(wanted)}
        >
          {words.lookUp}
        </Button>
      </div>
      <Text size={200}>{words.cost}</Text>
      <ErrorBar error={looking.error} />
      <div role="status">
        {looking.isBusy && <Spinner size="tiny" label={words.looking} />}
        {!looking.isBusy && look && <PictureResults look={look} />}
      </div>
    </ViewFrame>
  )
}
