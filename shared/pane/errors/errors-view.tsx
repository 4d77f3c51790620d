/// <reference lib="dom" />
/** The last failed cells, with the sentence that desktop Excel does not show; elsewhere what the cells themselves show. */
import { Button, Text } from '@fluentui/react-components'
import { useEffect, useState, type JSX } from 'react'
import type { ShownError } from '../pane-deps.ts'
import { CopyButton } from '../shell/copy-button.tsx'
import { SHELL_WORDS } from '../shell/words.ts'
import { ButtonRow, ErrorBar, ViewFrame } from '../shell/view-frame.tsx'
import { useLanguage, usePane, useTask, useWords } from '../use-pane.ts'
import { printNumber, printTime } from '../words.ts'
import { FailedFormulasView } from './failed-formulas-view.tsx'
import { printErrors } from './print-errors.ts'
import { readAddress } from './read-address.ts'
import { remedyOf } from './remedy.ts'
import { useCards } from './use-cards.ts'
import { ERRORS_WORDS } from './words.ts'

export function ErrorsView(): JSX.Element {
  const { failures } = usePane()
  return failures ? <FailedFormulasView failures={failures} /> : <RecentErrors />
}

function RecentErrors(): JSX.Element {
  const styles = useCards()
  const pane = usePane()
  const { functions } = pane
  const { views } = useWords(SHELL_WORDS)
  const words = useWords(ERRORS_WORDS)
  const [errors, setErrors] = useState(() => functions.recentErrors())
  const [isResumed, setIsResumed] = useState(false)
  useEffect(() => functions.onErrors(() => setErrors(functions.recentErrors())), [functions])
  const canAskAgain = errors.some(({ code }) => remedyOf(code)?.kind === 'again')
  return (
    <ViewFrame title={views.errors} purpose={errors.length > 0 ? words.purpose : words.empty}>
      {errors.length > 0 && (
        <ButtonRow>
          {canAskAgain && (
            <Button
              appearance="primary"
              onClick={() => {
                pane.resume()
                setIsResumed(true)
              }}
            >
              {words.again}
            </Button>
          )}
          <CopyButton label={words.copy} text={() => printErrors(errors)} />
        </ButtonRow>
      )}
      <div role="status">{isResumed && <Text>{words.resumed}</Text>}</div>
      <ul className={styles.list}>
        {errors.map((error) => (
          <li key={`${error.at} ${error.fn} ${error.code} ${error.address}`} className={styles.card}>
            <FailedCell error={error} />
          </li>
        ))}
      </ul>
    </ViewFrame>
  )
}

function FailedCell({ error }: { error: ShownError }): JSX.Element {
  const styles = useCards()
  const pane = usePane()
  const words = useWords(ERRORS_WORDS)
  const language = useLanguage()
  const { at, fn, address, code, message, times } = error
  const place = address === null ? null : readAddress(address)
  const remedy = remedyOf(code)
  const going = useTask(async () => {
    if (place) await pane.host.goTo(place)
  })
  return (
    <>
      <Text>{message}</Text>
      <Text size={200} className={styles.quiet}>
        {[fn, address, printTime(at, language), times > 1 && words.times(printNumber(times, language))]
          .filter(Boolean)
          .join(' · ')}
      </Text>
      {remedy?.kind === 'correct' && <Text size={200}>{words.correct}</Text>}
      <ButtonRow>
        {address !== null && place && (
          <Button
            size="small"
            aria-label={words.goToCell(address)}
            disabledFocusable={going.isBusy}
            onClick={() => going.run()}
          >
            {words.goTo}
          </Button>
        )}
        {remedy?.kind === 'go' && (
          <Button size="small" onClick={() => pane.view.set(remedy.view)}>
            {words[remedy.name]}
          </Button>
        )}
      </ButtonRow>
      <ErrorBar error={going.error} />
    </>
  )
}
