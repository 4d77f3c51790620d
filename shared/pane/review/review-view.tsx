/// <reference lib="dom" />
/** One doubtful row after the other: what is in the sheet, what else it could be, what it costs to be wrong. */
import {
  Button,
  makeStyles,
  MessageBar,
  MessageBarActions,
  MessageBarBody,
  Text,
  tokens,
} from '@fluentui/react-components'
import { useEffect, useRef, useState, type JSX, type KeyboardEvent, type ReactNode } from 'react'
import { pause } from '../../clock.ts'
import { ButtonRow, ErrorBar, ViewFrame } from '../shell/view-frame.tsx'
import { SHELL_WORDS } from '../shell/words.ts'
import { useLanguage, useLoad, useObservable, usePane, useTask, useWords } from '../use-pane.ts'
import { joinSentences, printNumber } from '../words.ts'
import { AnotherCode } from './another-code.tsx'
import { Candidates } from './candidates.tsx'
import type { Decided } from './create-review.ts'
import { ItemSummary } from './item-summary.tsx'
import { CANDIDATES_SHOWN, candidatesOf } from './shown-candidates.ts'
import { REVIEW_WORDS } from './words.ts'

/** For so long after a decision there is no other: a row is read before it is decided. */
const UNREAD_MS = 600

const useStyles = makeStyles({
  card: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalM, outlineOffset: '4px' },
  hint: { color: tokens.colorNeutralForeground2, fontSize: tokens.fontSizeBase200 },
})

export function ReviewView(): JSX.Element {
  const styles = useStyles()
  const pane = usePane()
  const { review } = pane
  const language = useLanguage()
  const words = useWords(REVIEW_WORDS)
  const { views } = useWords(SHELL_WORDS)
  const { queue, current, decidedRows, mayTakeBack } = useObservable(review.state)
  const [told, setTold] = useState<Decided | null>(null)
  const card = useRef<HTMLElement>(null)
  const trouble = useLoad(() => review.order(), [queue.length > 0, pane.bulk.title.get()])
  const item = queue.find(({ key }) => key === current) ?? queue[0]
  const at = item ? queue.indexOf(item) : -1
  const number = (value: number): string => printNumber(value, language)
  const deciding = useTask(async (code: string, note: string) => {
    if (!item) return
    setTold(null)
    const decided = await review.decide(item, code, note)
    if ('error' in decided) return decided
    setTold(decided)
    // The next row stands where this one stood: a second click or a held key would decide it unread.
    await pause(pane.clock, UNREAD_MS)
  })
  const takingBack = useTask(async () => {
    const taken = await review.takeBack()
    if ('error' in taken) return taken
    setTold(null)
  })
  const takeBack = mayTakeBack && (
    <Button size="small" disabledFocusable={deciding.isBusy || takingBack.isBusy} onClick={takingBack.run}>
      {words.takeBack}
    </Button>
  )
  const showing = useTask(async () => {
    if (item) await pane.bulk.goToRow(item.row.n)
  })

  // The card takes the focus when the next item comes, and when the view opens where what led here took the focus along.
  const key = item?.key
  const seen = useRef(key)
  useEffect(() => {
    if (seen.current === key && document.activeElement !== document.body) return
    seen.current = key
    card.current?.focus()
  }, [key])

  if (!item) {
    return (
      <ViewFrame title={views.review} purpose={words.purpose}>
        <Text role="status">{decidedRows > 0 ? words.done(number(decidedRows)) : words.empty}</Text>
        {told && <Told told={told}>{takeBack}</Told>}
        <ErrorBar error={takingBack.error} />
        <ButtonRow>
          <Button appearance="primary" onClick={() => pane.view.set('bulk')}>
            {words.toBulk}
          </Button>
        </ButtonRow>
      </ViewFrame>
    )
  }

  const candidates = candidatesOf(item.row)
  function onKeyDown(event: KeyboardEvent): void {
    const target = event.target as HTMLElement
    if (event.ctrlKey || event.metaKey || event.altKey || target.closest('input, textarea')) return
    const pressed = event.key.toLowerCase()
    const rank = /^[1-9]$/.test(pressed) ? Number(pressed) : 0
    if (pressed === 'j') review.move(1)
    else if (pressed === 'k') review.move(-1)
    else if (event.repeat) return
    else if (pressed === 'a' && item!.row.code !== null) deciding.run(item!.row.code, '')
    else if (rank > 0 && rank <= CANDIDATES_SHOWN && candidates[rank - 1]) deciding.run(candidates[rank - 1]!.code, '')
    else return
    event.preventDefault()
  }

  return (
    <div onKeyDown={onKeyDown}>
      <ViewFrame title={views.review} purpose={words.purpose}>
        <ErrorBar error={trouble} />
        <section
          ref={card}
          className={styles.card}
          tabIndex={0}
          aria-label={`${words.place(number(at + 1), number(queue.length))}: ${item.row.description}`}
        >
          <Text aria-live="polite" className={styles.hint}>
            {words.place(number(at + 1), number(queue.length))}
            {decidedRows > 0 && ` · ${words.decided(number(decidedRows))}`}
          </Text>
          <ItemSummary item={item} />
          <Candidates
            item={item}
            candidates={candidates}
            isBusy={deciding.isBusy}
            onChoose={(code) => deciding.run(code, '')}
          />
          <ButtonRow>
            {item.row.code !== null && (
              <Button
                appearance="primary"
                disabledFocusable={deciding.isBusy}
                onClick={() => deciding.run(item.row.code!, '')}
              >
                {words.accept}
              </Button>
            )}
            <Button disabledFocusable={at <= 0} onClick={() => review.move(-1)}>
              {words.previous}
            </Button>
            <Button disabledFocusable={at >= queue.length - 1} onClick={() => review.move(1)}>
              {words.next}
            </Button>
            <Button appearance="subtle" onClick={() => showing.run()}>
              {words.show}
            </Button>
            <Button appearance="subtle" onClick={() => pane.view.set('desk')}>
              {words.expert}
            </Button>
          </ButtonRow>
          <AnotherCode key={item.key} isBusy={deciding.isBusy} onUse={deciding.run} />
        </section>
        <ErrorBar error={deciding.error ?? takingBack.error ?? showing.error} />
        {told && <Told told={told}>{takeBack}</Told>}
        <Text className={styles.hint}>{words.keys}</Text>
        <Text className={styles.hint}>{joinSentences(language, [words.memoryHint, words.guess])}</Text>
      </ViewFrame>
    </div>
  )
}

function Told({ told: { written, moved }, children }: { told: Decided; children: ReactNode }): JSX.Element {
  const language = useLanguage()
  const words = useWords(REVIEW_WORDS)
  return (
    <MessageBar intent={moved > 0 ? 'warning' : 'success'} layout="multiline" role="status">
      <MessageBarBody>
        {joinSentences(language, [
          written > 0 && words.written(printNumber(written, language)),
          moved > 0 && words.moved(printNumber(moved, language)),
        ])}
      </MessageBarBody>
      <MessageBarActions>{children}</MessageBarActions>
    </MessageBar>
  )
}
