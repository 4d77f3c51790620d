/// <reference lib="dom" />
/** What the formula would show, from where, and what it would cost in the sheet. */
import { makeStyles, Spinner, Text, tokens } from '@fluentui/react-components'
import type { JSX } from 'react'
import { functionSpec, type FunctionName } from '../../functions.ts'
import type { Answer } from '../../protocol.ts'
import { ErrorBar } from '../shell/view-frame.tsx'
import { useLanguage, useObservable, useWords } from '../use-pane.ts'
import { printNumber } from '../words.ts'
import type { Cost, LivePreview } from './preview.ts'
import { WIZARD_WORDS, type WizardWords } from './words.ts'

const useStyles = makeStyles({
  box: {
    display: 'grid',
    gap: tokens.spacingVerticalXS,
    padding: tokens.spacingHorizontalM,
    border: `1px solid ${tokens.colorNeutralStroke2}`,
    borderRadius: tokens.borderRadiusMedium,
    minWidth: 0,
  },
  value: { fontSize: tokens.fontSizeBase400, fontWeight: tokens.fontWeightSemibold },
  scroll: { overflowX: 'auto', maxHeight: '260px' },
  // Narrow columns would break words into letters: the region scrolls.
  table: { borderCollapse: 'collapse', fontSize: tokens.fontSizeBase200, minWidth: '420px' },
  cell: {
    textAlign: 'start',
    verticalAlign: 'top',
    padding: `${tokens.spacingVerticalXXS} ${tokens.spacingHorizontalS}`,
    borderBottom: `1px solid ${tokens.colorNeutralStroke2}`,
    overflowWrap: 'normal',
  },
  quiet: { color: tokens.colorNeutralForeground2 },
})

export function PreviewBox({
  live,
  fn,
  missing,
  isReadable,
}: {
  live: LivePreview
  fn: FunctionName
  /** Name of the parameter that is still to be filled in. */
  missing: string | null
  isReadable: boolean
}): JSX.Element {
  const styles = useStyles()
  const words = useWords(WIZARD_WORDS)
  const language = useLanguage()
  const { isAsking, answer, isFree, cost, error } = useObservable(live.preview)
  return (
    <section className={styles.box} aria-label={words.preview} aria-live="polite">
      <Text weight="semibold">{words.preview}</Text>
      {missing !== null && <Text>{words.fillIn(missing)}</Text>}
      {missing === null && !isReadable && <Text>{words.notReadable}</Text>}
      {isAsking && <Spinner size="tiny" label={words.asking} labelPosition="after" />}
      {!isFree && <Text>{words.noFreePreview}</Text>}
      <ErrorBar error={error} />
      {missing === null && answer && <AnswerShown answer={answer} fn={fn} />}
      {missing === null && cost && (
        <Text size={200} className={styles.quiet}>
          {costText(words, cost, printNumber(cost.points, language))}
        </Text>
      )}
    </section>
  )
}

function AnswerShown({ answer, fn }: { answer: Answer; fn: FunctionName }): JSX.Element {
  const styles = useStyles()
  const words = useWords(WIZARD_WORDS)
  const { value, table, error, source } = answer
  const from = functionSpec(fn).askedOf === 'classification' ? words.freeGuess : words.freePreview
  return (
    <>
      {error && <Text>{error.message}</Text>}
      {value !== undefined && <Text className={styles.value}>{value === '' ? words.emptyAnswer : String(value)}</Text>}
      {table && (
        <div className={styles.scroll} role="region" aria-label={words.table} tabIndex={0}>
          <table className={styles.table}>
            <thead>
              <tr>
                {functionSpec(fn).columns?.map((column) => (
                  <th key={column} className={styles.cell} scope="col">
                    {column}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {table.map((row, at) => (
                <tr key={at}>
                  {row.map((cell, column) => (
                    <td key={column} className={styles.cell}>
                      {String(cell)}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      <Text size={200} className={styles.quiet}>
        {source ? from(source.edition) : error ? '' : words.accountPreview}
      </Text>
    </>
  )
}

function costText(words: WizardWords, { points, isRemembered, providers }: Cost, printed: string): string {
  if (points > 0) return words.costs(printed, providers.join(', '))
  return isRemembered ? words.remembered : words.free
}
