import { expect, test, vi } from 'vitest'
import { askProxy } from '../../sheets-addon/ask-proxy.ts'

interface Batch {
  questions: { id: string }[]
}

/** Google's services, answering each request of a hundred questions in turn. */
function replies(...replies: { status: number; reply: (batch: Batch) => unknown }[]): void {
  const respond = ({ payload }: { payload: string }, at: number): object => {
    const { status, reply } = replies[at]!
    return {
      getResponseCode: () => status,
      getContentText: () => JSON.stringify(reply(JSON.parse(payload) as Batch)),
      getHeaders: () => ({}),
    }
  }
  vi.stubGlobal('UrlFetchApp', { fetchAll: (requests: { payload: string }[]) => requests.map(respond) })
  vi.stubGlobal('Utilities', {
    sleep: (ms: number) => void (passed += ms),
    computeDigest: () => [],
    base64EncodeWebSafe: () => 'digest',
    DigestAlgorithm: {},
    Charset: {},
  })
}
let passed = 0

const asked = Array.from({ length: 150 }, (_, at) => ({
  question: `q${at}`,
  fn: 'HSCODE' as const,
  args: [`goods ${at}`],
}))

function ask(budgetMs: number): ReturnType<typeof askProxy> {
  passed = 0
  const now = (): number => Date.UTC(2026, 10, 30) + passed
  const deps = { baseUrl: 'https://hs.example.com', token: 't', mark: 'm', language: 'en', now } as const
  return askProxy({ ...deps, endsAt: now() + budgetMs }, asked)
}

test('what is still worked on is told apart from what another request was refused', () => {
  replies(
    {
      status: 200,
      reply: ({ questions }) => ({ answers: questions.map(({ id }) => ({ id, pending: true, points: 0 })) }),
    },
    { status: 402, reply: () => ({ error: { code: 'TC-402', message: 'TC-402 No points.', retryable: false } }) },
  )
  const reply = ask(8000)
  expect([...reply.pending]).toEqual(asked.slice(0, 100).map(({ question }) => question))
  expect(reply).toMatchObject({ error: { code: 'TC-402' }, isReached: true })
})

test('without the time for one request nothing is sent, and nothing is said to be worked on', () => {
  replies()
  expect(ask(6000)).toMatchObject({ error: { code: 'TC-521' }, isReached: false, pending: new Set() })
})
