/**
 * TradeWind's calls about customs data that its document says enough of.
 *
 * Left out, because the document names them and gives neither body nor reply: lists, states, details, partners, records, HS codes,
 * products, regions and ports of companies; purchase trend; trades of Chinese suppliers and of merchants (old and new); trend of a
 * company; mail search; companies and contacts that match a name.
 */
import type { TradeAsk } from '../../../shared/ask.ts'
import type { Failure } from '../../../shared/error-codes.ts'
import { createJsonClient } from '../fetch-json.ts'
import type { Connection } from '../upstream.ts'
import type { Period } from './period.ts'
import { countriesReply, worldRegionsReply } from './schema.ts'
import {
  readCharge,
  readCountries,
  readRefusal,
  readRegions,
  TRADEWIND,
  type TradeCountry,
  type WorldRegions,
} from './to-answer.ts'

export interface TradeQuestion extends Period {
  subject: TradeAsk['subject']
  /** Whose countries are counted: those that sell, or those that buy. */
  role: TradeAsk['role']
}

export interface TradewindClient {
  /** Costs a fraction of a credit, which `onUsage` is told. @throws {ProviderError} */
  worldRegions(question: TradeQuestion, signal: AbortSignal): Promise<WorldRegions>
  /** Free. @throws {ProviderError} */
  countries(signal: AbortSignal): Promise<TradeCountry[]>
  close(): Promise<void>
}

// What POST gives here when all is well, as the document has it; GET is not described and gives the usual 200.
const CREATED = 201

export function createTradewindClient(connection: Connection): TradewindClient {
  const { credential, baseUrl, onUsage, log } = connection
  const client = createJsonClient({
    provider: TRADEWIND,
    baseUrl,
    defaultHeaders: { authorization: `Bearer ${credential.key ?? ''}` },
  })
  const refusalOf = (status: number, body: unknown): Failure | null => readRefusal(status, body, credential.key ?? '')
  return {
    async worldRegions({ subject, role, from, to }, signal) {
      const reply = await client.request({
        method: 'POST',
        path: '/api/customs/analytics/world-regions',
        json: {
          type: role,
          start_time: from,
          end_time: to,
          product: 'product' in subject ? subject.product : '',
          hscode: 'code' in subject ? subject.code : '',
          tradeCode: '',
          buyer: '',
          seller: '',
          departure_port: '',
        },
        status: CREATED,
        schema: worldRegionsReply,
        readFailure: refusalOf,
        signal,
      })
      onUsage({ items: 1, charged: readCharge(reply), balance: null })
      const read = readRegions(reply)
      if (read.unread > 0) log.warn({ provider: TRADEWIND, unread: read.unread }, 'regions that cannot be read')
      return read
    },
    async countries(signal) {
      const reply = await client.request({
        method: 'GET',
        path: '/api/customs/reference/countries',
        schema: countriesReply,
        readFailure: refusalOf,
        repeatable: true,
        signal,
      })
      return readCountries(reply.data)
    },
    close: () => client.close(),
  }
}
