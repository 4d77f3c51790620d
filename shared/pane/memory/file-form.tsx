/// <reference lib="dom" />
/** A file of approved codes: checked first, imported after the person saw what it would do; and all of them as a file. */
import { Button, Checkbox, makeStyles, Spinner, Text, tokens } from '@fluentui/react-components'
import { useRef, useState, type ChangeEvent, type JSX } from 'react'
import { failure } from '../../error-codes.ts'
import { MEMORY_CSV_BYTES_MAX, type ImportReply } from '../../memory-protocol.ts'
import { printFailure } from '../../print-failure.ts'
import { isRefused } from '../proxy-api.ts'
import { saveCsv } from '../save-csv.ts'
import { ButtonRow, ErrorBar } from '../shell/view-frame.tsx'
import { useLanguage, usePane, useTask, useWords } from '../use-pane.ts'
import { printNumber } from '../words.ts'
import { MEMORY_WORDS } from './words.ts'

const useStyles = makeStyles({
  form: { display: 'grid', gap: tokens.spacingVerticalS, justifyItems: 'start' },
  hidden: { display: 'none' },
  list: { margin: 0, paddingInlineStart: tokens.spacingHorizontalL },
  lines: { maxHeight: '200px', overflowY: 'auto', width: '100%' },
})

const EXPORT_NAME = 'tariffcell-memory.csv'

export function FileForm({ onImported }: { onImported: () => void }): JSX.Element {
  const styles = useStyles()
  const { api } = usePane()
  const words = useWords(MEMORY_WORDS)
  const language = useLanguage()
  const input = useRef<HTMLInputElement>(null)
  const [checked, setChecked] = useState<{ file: File; foreseen: ImportReply } | null>(null)
  const [done, setDone] = useState<ImportReply | null>(null)
  const [isExported, setExported] = useState(false)
  const checking = useTask(async (file: File) => {
    setChecked(null)
    setDone(null)
    if (file.size > MEMORY_CSV_BYTES_MAX) {
      return { error: printFailure(failure('too-large', { max: `${MEMORY_CSV_BYTES_MAX / 1e6} MB` }), language) }
    }
    const foreseen = await api.importMemory(file, { dryRun: true, skipBad: true })
    if (isRefused(foreseen)) return foreseen
    setChecked({ file, foreseen })
  })
  const importing = useTask(async (file: File, skipBad: boolean) => {
    const reply = await api.importMemory(file, { dryRun: false, skipBad })
    if (isRefused(reply)) return reply
    setChecked(null)
    setDone(reply)
    onImported()
  })
  const exporting = useTask(async () => {
    setExported(false)
    const reply = await api.exportMemory()
    if (isRefused(reply)) return reply
    saveCsv(EXPORT_NAME, reply.text)
    setExported(true)
  })
  function choose(event: ChangeEvent<HTMLInputElement>): void {
    const [file] = event.target.files ?? []
    // Chosen again after it was mended, the same file is a new one.
    event.target.value = ''
    if (file) checking.run(file)
  }
  return (
    <div className={styles.form}>
      <Text>{words.fileHint}</Text>
      <input
        ref={input}
        className={styles.hidden}
        type="file"
        accept=".csv,.tsv,.txt,text/csv"
        aria-label={words.chooseFile}
        onChange={choose}
      />
      <Button disabledFocusable={checking.isBusy || importing.isBusy} onClick={() => input.current?.click()}>
        {checked ? words.otherFile : words.chooseFile}
      </Button>
      {checking.isBusy && <Spinner size="tiny" label={words.checking} />}
      {checked && (
        <Foreseen
          key={checked.file.name}
          name={checked.file.name}
          foreseen={checked.foreseen}
          isBusy={importing.isBusy}
          onImport={(skipBad) => importing.run(checked.file, skipBad)}
        />
      )}
      <div role="status">
        {done && (
          <Text>
            {words.imported} {countsOf(done, words, language).join(', ')}
          </Text>
        )}
      </div>
      <ErrorBar error={checking.error ?? importing.error} />
      <Text weight="semibold">{words.exportTitle}</Text>
      <ButtonRow>
        <Button disabledFocusable={exporting.isBusy} onClick={() => exporting.run()}>
          {words.export}
        </Button>
        <Text role="status">{isExported ? words.exported : ''}</Text>
      </ButtonRow>
      <ErrorBar error={exporting.error} />
    </div>
  )
}

function Foreseen({
  name,
  foreseen,
  isBusy,
  onImport,
}: {
  name: string
  foreseen: ImportReply
  isBusy: boolean
  onImport: (skipBad: boolean) => void
}): JSX.Element {
  const styles = useStyles()
  const words = useWords(MEMORY_WORDS)
  const language = useLanguage()
  const [skipBad, setSkipBad] = useState(false)
  const { bad, badLines } = foreseen
  const toImport = foreseen.new + foreseen.changed
  const count = (value: number): string => printNumber(value, language)
  return (
    <div className={styles.form} aria-live="polite">
      <Text weight="semibold">{words.preview(name)}</Text>
      <ul className={styles.list}>
        {countsOf(foreseen, words, language).map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
      {bad > 0 && (
        <>
          <section className={styles.lines} aria-label={words.badLines} tabIndex={0}>
            <ul className={styles.list}>
              {badLines.map(({ line, error }) => (
                <li key={line}>
                  <Text size={200}>
                    {words.line(count(line))}: {error.message}
                  </Text>
                </li>
              ))}
            </ul>
            {bad > badLines.length && <Text size={200}>{words.notAllNamed(bad, count(bad - badLines.length))}</Text>}
          </section>
          {toImport > 0 && (
            <Checkbox
              label={words.skipBad}
              checked={skipBad}
              onChange={(_, { checked }) => setSkipBad(checked === true)}
            />
          )}
        </>
      )}
      {toImport === 0 ? (
        <Text>{words.nothingToImport}</Text>
      ) : (
        <Button disabledFocusable={isBusy || (bad > 0 && !skipBad)} onClick={() => onImport(skipBad)}>
          {words.import(toImport, count(toImport))}
        </Button>
      )}
    </div>
  )
}

function countsOf(
  reply: ImportReply,
  words: (typeof MEMORY_WORDS)['en'],
  language: Parameters<typeof printNumber>[1],
): string[] {
  return (['new', 'changed', 'same', 'bad'] as const)
    .filter((kind) => reply[kind] > 0)
    .map((kind) => words.counts[kind](reply[kind], printNumber(reply[kind], language)))
}
