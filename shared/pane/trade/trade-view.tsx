/// <reference lib="dom" />
/** Where a product is traded. Nothing is asked before the button: each new question costs a point. */
import { Button, Field, Input, makeStyles, Radio, RadioGroup, Spinner, Text, tokens } from '@fluentui/react-components'
import { useState, type FormEvent, type JSX } from 'react'
import { failure } from '../../error-codes.ts'
import { printFailure } from '../../print-failure.ts'
import { isRefused } from '../proxy-api.ts'
import { SHELL_WORDS } from '../shell/words.ts'
import { ButtonRow, ErrorBar, ViewFrame } from '../shell/view-frame.tsx'
import { useLanguage, useObservable, usePane, useTask, useWords } from '../use-pane.ts'
import { TradeChart } from './trade-chart.tsx'
import { toTradeRows } from './trade-look.ts'
import { tradeArguments, tradeFormula, type TradeWish } from './trade-question.ts'
import { TRADE_WORDS } from './words.ts'

const useStyles = makeStyles({
  form: { display: 'grid', gap: tokens.spacingVerticalS },
  period: {
    display: 'grid',
    gridTemplateColumns: 'repeat(auto-fit, minmax(160px, 1fr))',
    gap: tokens.spacingHorizontalS,
  },
})

const NOTHING: TradeWish = { product: '', role: 'exporter', from: '', to: '' }

export function TradeView(): JSX.Element {
  const styles = useStyles()
  const { api, host, tradeLook, refreshPoints } = usePane()
  const { views } = useWords(SHELL_WORDS)
  const words = useWords(TRADE_WORDS)
  const language = useLanguage()
  const look = useObservable(tradeLook)
  const [wish, setWish] = useState<TradeWish>(look?.wish ?? NOTHING)
  const [insertedAt, setInsertedAt] = useState<string | null>(null)
  const change = (changed: Partial<TradeWish>): void => {
    setWish((before) => ({ ...before, ...changed }))
    setInsertedAt(null)
  }

  const looking = useTask(async (wanted: TradeWish) => {
    const reply = await api.answers([{ id: 'trade', fn: 'HSTRADE', args: tradeArguments(wanted) }])
    if (isRefused(reply)) return reply
    const [answer] = reply.answers
    void refreshPoints()
    if (answer?.error) return { error: answer.error }
    if (!answer?.table) return { error: printFailure(failure(answer?.pending ? 'pending' : 'bad-reply'), language) }
    tradeLook.set({
      wish: wanted,
      rows: toTradeRows(answer.table),
      source: answer.source ?? null,
      points: answer.points,
    })
  })
  const inserting = useTask(async (wanted: TradeWish) => setInsertedAt(await host.insertFormula(tradeFormula(wanted))))
  const isBadPeriod = wish.from !== '' && wish.to !== '' && wish.to < wish.from
  const isWhole = wish.product.trim() !== '' && !isBadPeriod
  function submit(event: FormEvent): void {
    event.preventDefault()
    if (isWhole) looking.run(wish)
  }

  return (
    <ViewFrame title={views.trade} purpose={words.purpose}>
      <form className={styles.form} onSubmit={submit}>
        <Field label={words.product} hint={words.productHint} required>
          <Input value={wish.product} maxLength={512} onChange={(_, { value }) => change({ product: value })} />
        </Field>
        <Field label={words.role}>
          <RadioGroup
            layout="horizontal"
            value={wish.role}
            onChange={(_, { value }) => change({ role: value === 'importer' ? 'importer' : 'exporter' })}
          >
            <Radio value="exporter" label={words.exporter} />
            <Radio value="importer" label={words.importer} />
          </RadioGroup>
        </Field>
        <div className={styles.period}>
          <Field label={words.from}>
            <Input type="date" value={wish.from} onChange={(_, { value }) => change({ from: value })} />
          </Field>
          <Field label={words.to} {...(isBadPeriod ? { validationMessage: words.badPeriod } : {})}>
            <Input type="date" value={wish.to} onChange={(_, { value }) => change({ to: value })} />
          </Field>
        </div>
        <Text size={200}>{words.periodHint}</Text>
        <ButtonRow>
          <Button appearance="primary" type="submit" disabledFocusable={!isWhole || looking.isBusy}>
            {words.lookUp}
          </Button>
          <Button disabledFocusable={!isWhole || inserting.isBusy} onClick={() => inserting.run(wish)}>
            {words.insert}
          </Button>
        </ButtonRow>
        <Text size={200}>
          {words.cost} {isWhole && words.insertHint(tradeFormula(wish))}
        </Text>
      </form>
      <ErrorBar error={looking.error ?? inserting.error} />
      <div role="status">
        {insertedAt !== null && <Text>{words.inserted(insertedAt)}</Text>}
        {looking.isBusy && <Spinner size="tiny" label={words.looking} />}
      </div>
      {look && !looking.isBusy && <TradeChart look={look} />}
    </ViewFrame>
  )
}
