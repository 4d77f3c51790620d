/** Glopal: product descriptions to subheadings with their accuracy, the same for every country of import. */
import type { ClassifyInquiry, Inquiry, Provider, Reply } from '../provider.ts'
import { createJsonClient } from '../fetch-json.ts'
import type { ConnectedUpstream, Connection, Upstream } from '../upstream.ts'
import { toProduct, type Product } from './product.ts'
import { classifyReply } from './schema.ts'
import { printTimestamp, signLogin } from './sign.ts'
import { GLOPAL, matchProducts, readRefusal, toReply } from './to-answer.ts'

const PRODUCTS_PER_CALL_MAX = 20

export const glopal: Upstream = {
  name: GLOPAL,
  credentialFields: [
    {
      name: 'login',
      secret: false,
      pattern: /^[a-z0-9-]{3,255}$/,
      expected: '3 to 255 lower-case letters, digits and dashes',
    },
    { name: 'secret', secret: true, pattern: /^\S{1,512}$/, expected: 'the secret access key, without blanks' },
    {
      name: 'alias',
      secret: false,
      pattern: /^[a-z0-9-]{3,50}$/,
      expected: '3 to 50 lower-case letters, digits and dashes',
      optional: true,
    },
  ],
  defaultUrl: 'https://ws.xport.glopalservice.com',
  couldAnswer: ({ kind }) => kind === 'classify',
  connect,
}

function connect(connection: Connection): ConnectedUpstream {
  const client = createJsonClient({ provider: GLOPAL, baseUrl: connection.baseUrl })

  /** @throws {ProviderError} */
  async function classify(products: readonly Product[], signal: AbortSignal): Promise<(Reply | null)[]> {
    const reply = await client.request({
      method: 'POST',
      path: '/tcc/classify',
      headers: signedHeaders(connection),
      json: { args: { products } },
      schema: classifyReply,
      readFailure: readRefusal,
      signal,
    })
    connection.onUsage({ items: products.length, charged: null, balance: null })
    const matched = matchProducts(products, reply.products)
    const left = matched.filter((items) => items.length === 0).length
    if (left > 0) {
      const counts = { provider: GLOPAL, sent: products.length, received: reply.products.length, unmatched: left }
      connection.log.warn(counts, 'a reply names no single product for some that were sent')
    }
    return matched.map(toReply)
  }

  const provider: Provider = {
    name: GLOPAL,
    inquiriesPerCallMax: PRODUCTS_PER_CALL_MAX,
    callsInFlightMax: 4,
    timeoutMs: 30_000,
    gatherWindowMs: 25,
    // It knows no dates: a question about another day's codes is not for it.
    answers: (inquiry) => inquiry.kind === 'classify' && inquiry.date === null,
    edition: () => `${GLOPAL}, asked ${new Date(connection.now()).toISOString().slice(0, 7)}`,
    async ask(inquiries, signal) {
      const asked = groupByProduct(inquiries)
      const replies = new Map<string, Reply>()
      if (asked.length === 0) return replies
      const answers = await classify(
        asked.map(({ product }) => product),
        signal,
      )
      for (const [at, { keys }] of asked.entries()) {
        const reply = answers[at]
        if (reply) for (const key of keys) replies.set(key, reply)
      }
      return replies
    },
  }

  return {
    provider,
    // The document has one call only, and names no price: one short product is the least that proves a signature.
    async test(signal) {
      await classify([{ title: 'Cotton T-shirt', description: 'Cotton T-shirt' }], signal)
      return 'Glopal took the signature and classified one product, which it may charge.'
    },
    close: () => client.close(),
  }
}

/** The same text with the same facts is one product, whatever country it is for. */
function groupByProduct(inquiries: readonly Inquiry[]): { product: Product; keys: string[] }[] {
  const groups = new Map<string, { product: Product; keys: string[] }>()
  const asked = inquiries.filter((inquiry): inquiry is ClassifyInquiry => inquiry.kind === 'classify')
  for (const inquiry of asked) {
    const product = toProduct(inquiry)
    const group = groups.get(JSON.stringify(product)) ?? { product, keys: [] }
    group.keys.push(inquiry.key)
    groups.set(JSON.stringify(product), group)
  }
  return [...groups.values()]
}

function signedHeaders({ credential, now }: Connection): Record<string, string> {
  const { login = '', secret = '', alias = '' } = credential
  // Our clock knows milliseconds: the digits below are random, as the document advises, so that no two calls are signed alike.
  const timestamp = printTimestamp(now() + Math.random())
  return {
    'x-login': login,
    'x-timestamp': timestamp,
    'x-signature': signLogin(login, timestamp, secret),
    ...(alias === '' ? {} : { 'x-alias': alias }),
  }
}
