/** One product, asked of the proxy as one cell does, or of the upstream itself. The same HTTP client for both. */
import type { Dispatcher } from 'undici'
import type { AnswersReply } from '../../shared/protocol.ts'
import { JIAYOU_KEY, JIAYOU_SECRET } from '../upstreams/jiayou.ts'

/** @throws when it has no code for it. */
export async function askProxy(client: Dispatcher, token: string, text: string): Promise<void> {
  const reply = (await post(
    client,
    '/v1/answers',
    { authorization: `Bearer ${token}` },
    { questions: [{ id: 'q', fn: 'HSCODE', args: [text, 'CA'] }] },
  )) as AnswersReply
  const [answer] = reply.answers
  if (answer?.value === undefined) throw new Error(`the proxy has no code for ${text}: ${answer?.error?.message}`)
}

/** @throws when it has no code for it. */
export async function askUpstream(client: Dispatcher, text: string): Promise<void> {
  const headers = { 'x-api-key': JIAYOU_KEY, 'x-api-secret': JIAYOU_SECRET }
  const reply = (await post(client, '/api/api/batch-query', headers, { products: [text] })) as {
    data: { results: { hscode: string }[] }
  }
  if (!reply.data.results[0]?.hscode) throw new Error(`the upstream has no code for ${text}`)
}

async function post(client: Dispatcher, path: string, headers: Record<string, string>, body: object): Promise<unknown> {
  const { statusCode, body: reply } = await client.request({
    method: 'POST',
    path,
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify(body),
    // Otherwise each waits for the reply to the one before it on its connection, however many may be pipelined.
    idempotent: true,
    blocking: false,
  })
  if (statusCode !== 200) throw new Error(`${path} answered ${statusCode}: ${await reply.text()}`)
  return reply.json()
}
