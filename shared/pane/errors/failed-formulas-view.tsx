/// <reference lib="dom" />
/** Formulas of the sheet whose cells show no value: looked for when the view opens and when a person asks, and calculated again. */
import { Button, Field, MessageBar, MessageBarBody, ProgressBar, Text } from '@fluentui/react-components'
import { useEffect, useState, type JSX, type ReactNode } from 'react'
import { printFailure } from '../../print-failure.ts'
import type { FailedFormulas, PaneFailures } from '../pane-deps.ts'
import { addressOf } from '../place.ts'
import { CopyButton } from '../shell/copy-button.tsx'
import { ButtonRow, ErrorBar, ViewFrame } from '../shell/view-frame.tsx'
import { SHELL_WORDS } from '../shell/words.ts'
import type { ReadOptions } from '../spreadsheet-host.ts'
import { createStoppable } from '../stoppable.ts'
import { useLanguage, usePane, useTask, useWords } from '../use-pane.ts'
import { printNumber } from '../words.ts'
import {
  codeShown,
  formulasIn,
  mayPass,
  type AgainReport,
  type FailedGroup,
  type UnreturnedFormula,
} from './failed-formulas.ts'
import { remedyOf } from './remedy.ts'
import { kindOfError } from './shown-error.ts'
import { useCards } from './use-cards.ts'
import { ERRORS_WORDS, type FailedFormulasWords } from './words.ts'

// A person who looks at more looks again after these.
const GROUPS_SHOWN_MAX = 50

export function FailedFormulasView({ failures }: { failures: PaneFailures }): JSX.Element {
  const styles = useCards()
  const { views } = useWords(SHELL_WORDS)
  const words = useWords(ERRORS_WORDS).onSheet
  const language = useLanguage()
  const [found, setFound] = useState<FailedFormulas | null>(null)
  const [done, setDone] = useState<AgainReport | null>(null)
  const [progress, setProgress] = useState<{ done: number; total: number | null } | null>(null)
  const [stoppable] = useState(() => createStoppable(() => setProgress(null)))
  const looking = useTask(async () => {
    setDone(null)
    setProgress({ done: 0, total: null })
    const looked = await stoppable.run((signal) => failures.look(tellingProgress(signal, null)))
    if (looked) setFound(looked)
  })
  const passing = found ? formulasIn(found.groups.filter(mayPass)) : []
  const again = useTask(async () => {
    if (!found) return
    setProgress({ done: 0, total: passing.length })
    const report = await stoppable.run((signal) =>
      failures.calculateAgain(found.sheet, passing, tellingProgress(signal, passing.length)),
    )
    setFound(null)
    if (!report) return
    setDone(report)
    if (report.failed) return { error: printFailure(report.failed, language) }
  })
  const { run: look } = looking
  useEffect(() => {
    look()
    return () => stoppable.stop()
  }, [look, stoppable])

  function tellingProgress(signal: AbortSignal, total: number | null): ReadOptions {
    return { signal, onProgress: (done) => setProgress({ done, total }) }
  }

  const isBusy = looking.isBusy || again.isBusy
  const count = (value: number): string => printNumber(value, language)
  return (
    <ViewFrame title={views.errors} purpose={words.purpose}>
      <ButtonRow>
        {passing.length > 0 && (
          <Button appearance="primary" disabledFocusable={isBusy} onClick={() => again.run()}>
            {words.again(passing.length, count(passing.length))}
          </Button>
        )}
        <Button disabledFocusable={isBusy} onClick={() => looking.run()}>
          {words.look}
        </Button>
      </ButtonRow>
      {progress && <Working progress={progress} words={words} onStop={() => stoppable.stop()} />}
      <div role="status">
        {done && (done.rewritten > 0 || done.left === 0) && (
          <Text block>{words.calculating(done.rewritten, count(done.rewritten))}</Text>
        )}
        {done && done.changed > 0 && <Text block>{words.changed(done.changed, count(done.changed))}</Text>}
        {done && done.left > 0 && <Text block>{words.left(done.left, count(done.left))}</Text>}
        {found?.groups.length === 0 && <Text>{words.none(found.sheetName)}</Text>}
      </div>
      <ErrorBar error={looking.error ?? again.error} />
      {found && found.unreturned.length > 0 && (
        <Unreturned
          found={found}
          onForget={async () => {
            await failures.forgetGone()
            setFound({ ...found, unreturned: found.unreturned.filter(({ isProtected }) => isProtected) })
          }}
        />
      )}
      <ul className={styles.list}>
        {found?.groups.slice(0, GROUPS_SHOWN_MAX).map((group) => (
          <li key={`${group.fn} ${group.shown}`} className={styles.card}>
            <Group group={group} found={found} />
          </li>
        ))}
      </ul>
    </ViewFrame>
  )
}

function Working({
  progress: { done, total },
  words,
  onStop,
}: {
  progress: { done: number; total: number | null }
  words: FailedFormulasWords
  onStop: () => void
}): JSX.Element {
  const language = useLanguage()
  const printed = printNumber(done, language)
  return (
    <div aria-live="polite">
      <Field
        validationState="none"
        validationMessage={total === null ? words.rows(printed) : `${printed} / ${printNumber(total, language)}`}
      >
        <ProgressBar {...(total === null ? {} : { value: done / total })} aria-label={words.looking} />
      </Field>
      <Button size="small" onClick={onStop}>
        {words.stop}
      </Button>
    </div>
  )
}

function Group({ group, found }: { group: FailedGroup; found: FailedFormulas }): JSX.Element {
  const styles = useCards()
  const pane = usePane()
  const shared = useWords(ERRORS_WORDS)
  const words = shared.onSheet
  const language = useLanguage()
  const { fn, shown, formulas } = group
  const { row, column } = formulas[0]!
  const first = { row, column, rows: 1, columns: 1 }
  const address = addressOf(found.sheetName, first)
  const code = codeShown(shown)
  const remedy = code === null ? null : remedyOf(code)
  const going = useTask(() => pane.host.goTo({ sheet: found.sheet, ...first }))
  return (
    <>
      <Text>{code === null ? words.shows(shown, kindOfError(shown)) : shown.slice(1)}</Text>
      <Text size={200} className={styles.quiet}>
        {[fn, address, formulas.length > 1 && words.formulas(printNumber(formulas.length, language))]
          .filter(Boolean)
          .join(' · ')}
      </Text>
      {remedy?.kind === 'correct' && <Text size={200}>{shared.correct}</Text>}
      <ButtonRow>
        <Button
          size="small"
          aria-label={shared.goToCell(address)}
          disabledFocusable={going.isBusy}
          onClick={() => going.run()}
        >
          {shared.goTo}
        </Button>
        {remedy?.kind === 'go' && (
          <Button size="small" onClick={() => pane.view.set(remedy.view)}>
            {shared[remedy.name]}
          </Button>
        )}
      </ButtonRow>
      <ErrorBar error={going.error} />
    </>
  )
}

function Unreturned({ found, onForget }: { found: FailedFormulas; onForget: () => Promise<void> }): JSX.Element {
  const words = useWords(ERRORS_WORDS).onSheet
  const forgetting = useTask(onForget)
  const gone = found.unreturned.filter(({ isProtected }) => !isProtected)
  const closed = found.unreturned.filter(({ isProtected }) => isProtected)
  return (
    <>
      {gone.length > 0 && (
        <FormulaList title={words.gone} formulas={gone}>
          <ButtonRow>
            <CopyButton label={words.copy} text={() => gone.map(printTabbed).join('\n')} />
            <Button disabledFocusable={forgetting.isBusy} onClick={() => forgetting.run()}>
              {words.forget}
            </Button>
          </ButtonRow>
          <ErrorBar error={forgetting.error} />
        </FormulaList>
      )}
      {closed.length > 0 && <FormulaList title={words.closed} formulas={closed} />}
    </>
  )
}

function printTabbed({ address, formula }: UnreturnedFormula): string {
  return `${address}\t${formula}`
}

function FormulaList({
  title,
  formulas,
  children,
}: {
  title: string
  formulas: readonly UnreturnedFormula[]
  children?: ReactNode
}): JSX.Element {
  return (
    <MessageBar intent="warning" layout="multiline">
      <MessageBarBody>
        <Text block>{title}</Text>
        {formulas.map(({ address, formula }) => (
          <Text block key={address}>{`${address}: ${formula}`}</Text>
        ))}
        {children}
      </MessageBarBody>
    </MessageBar>
  )
}
