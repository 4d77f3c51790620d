/** TradeWind: in which countries a product is sold and bought, by the number of trades. */
import { isFailure } from '../../../shared/error-codes.ts'
import type { TradeAsk } from '../../../shared/ask.ts'
import type { Inquiry, Provider, Reply } from '../provider.ts'
import type { ConnectedUpstream, Connection, Upstream } from '../upstream.ts'
import { createTradewindClient } from './client.ts'
import { periodOf } from './period.ts'
import { ROWS_SHOWN, toTable, TRADEWIND } from './to-answer.ts'

export const tradewind: Upstream = {
  name: TRADEWIND,
  credentialFields: [
    {
      // The document gives a key no form.
      name: 'key',
      secret: true,
      pattern: /^[\x21-\x7e]{8,2000}$/,
      expected: 'the API key of its console, at least 8 characters without blanks',
    },
  ],
  // The document writes paths only; this is where its own console and client stand.
  defaultUrl: 'https://app.trade-wind.co',
  couldAnswer: ({ kind, fn }) => kind === 'lookup' && fn === 'HSTRADE',
  connect,
}

function connect(connection: Connection): ConnectedUpstream {
  const client = createTradewindClient(connection)

  /** @throws {ProviderError} */
  async function answerOne(ask: TradeAsk, signal: AbortSignal): Promise<Reply> {
    const period = periodOf(ask, connection.now())
    if (isFailure(period)) return period
    const found = await client.worldRegions({ ...period, subject: ask.subject, role: ask.role }, signal)
    return toTable(found, ask.options.n ?? ROWS_SHOWN, ask.options.lang ?? 'en')
  }

  const provider: Provider = {
    name: TRADEWIND,
    inquiriesPerCallMax: 1,
    callsInFlightMax: 4,
    timeoutMs: 30_000,
    gatherWindowMs: 0,
    // Its days are those of the period; those of a tariff it does not know.
    answers(inquiry) {
      const ask = tradeAskOf(inquiry)
      return ask !== null && ask.options.date === undefined
    },
    edition: () => `${TRADEWIND}, asked ${new Date(connection.now()).toISOString().slice(0, 7)}`,
    async ask(inquiries, signal) {
      const replies = new Map<string, Reply>()
      for (const inquiry of inquiries) {
        const ask = tradeAskOf(inquiry)
        if (ask !== null) replies.set(inquiry.key, await answerOne(ask, signal))
      }
      return replies
    },
  }

  return {
    provider,
    // The free list of countries may be open to anybody, and then proves no key; this is the cheapest call that needs one.
    async test(signal) {
      await answerOne(
        { fn: 'HSTRADE', options: {}, subject: { code: '610910' }, role: 'exporter', from: null, to: null },
        signal,
      )
      return 'TradeWind took the key and answered one question about trade, for a fraction of a credit.'
    },
    close: () => client.close(),
  }
}

function tradeAskOf(inquiry: Inquiry): TradeAsk | null {
  return inquiry.kind === 'lookup' && inquiry.ask.fn === 'HSTRADE' ? inquiry.ask : null
}
