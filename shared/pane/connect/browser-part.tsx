/// <reference lib="dom" />
/** Connecting by a page of the proxy, where this browser may be connected already. */
import { Button, makeStyles, Text, tokens } from '@fluentui/react-components'
import { useEffect, useState, type JSX } from 'react'
import { failure } from '../../error-codes.ts'
import { PAIRING_MINUTES } from '../../pairing-protocol.ts'
import { printFailure } from '../../print-failure.ts'
import type { AnswerError } from '../../protocol.ts'
import type { OpenPairing, PanePairing } from '../pane-deps.ts'
import { isRefused } from '../proxy-api.ts'
import { StepHeading } from '../shell/step-heading.tsx'
import { ErrorBar } from '../shell/view-frame.tsx'
import { useLanguage, usePane, useTask, useWords } from '../use-pane.ts'
import { followPairing } from './follow-pairing.ts'
import { CONNECT_WORDS } from './words.ts'

const useStyles = makeStyles({
  part: { display: 'grid', justifyItems: 'start', gap: tokens.spacingVerticalS },
  code: {
    fontFamily: tokens.fontFamilyMonospace,
    fontSize: tokens.fontSizeBase600,
    lineHeight: tokens.lineHeightBase600,
    fontWeight: tokens.fontWeightSemibold,
  },
})

export function BrowserPart({ pairing }: { pairing: PanePairing }): JSX.Element {
  const styles = useStyles()
  const { clock } = usePane()
  const words = useWords(CONNECT_WORDS)
  const language = useLanguage()
  const [open, setOpen] = useState(() => pairing.open())
  const [trouble, setTrouble] = useState<AnswerError | null>(null)
  const [over, setOver] = useState<AnswerError | null>(null)
  const beginning = useTask(async () => {
    setOver(null)
    const begun = await pairing.begin()
    if (isRefused(begun)) return begun
    setOpen(begun)
  })
  useEffect(() => {
    if (!open) return
    return followPairing(open, {
      pairing,
      clock,
      late: () => printFailure(failure('pairing-expired', { minutes: PAIRING_MINUTES }), language),
      onTrouble: setTrouble,
      onOver(error) {
        setOpen(null)
        setTrouble(null)
        setOver(error)
      },
    })
  }, [open, pairing, clock, language])

  return (
    <div className={styles.part}>
      <StepHeading>{words.withoutCode}</StepHeading>
      {open && <Waiting open={open} />}
      {!open && !over && (
        <>
          <Text>{words.browserHint}</Text>
          <Button appearance="primary" disabledFocusable={beginning.isBusy} onClick={() => beginning.run()}>
            {beginning.isBusy ? words.connecting : words.inBrowser}
          </Button>
        </>
      )}
      <ErrorBar error={over} onRetry={beginning.run} />
      <ErrorBar error={beginning.error ?? trouble} />
    </div>
  )
}

function Waiting({ open }: { open: OpenPairing }): JSX.Element {
  const styles = useStyles()
  const words = useWords(CONNECT_WORDS)
  return (
    <>
      <Button as="a" appearance="primary" href={open.address} target="_blank" rel="noopener">
        {words.openPage}
      </Button>
      <Text>{words.compare}</Text>
      <Text className={styles.code}>{open.matchCode}</Text>
      <Text role="status">{words.waiting}</Text>
    </>
  )
}
