/** The proxy as `npm start` runs it: the built file, a process, a port and a data folder of its own. */
import type { Answer, AnswersReply, AnswersRequest, Question, SessionReply } from '../../shared/protocol.ts'
import { proxyFile, startFlags } from './build-all.ts'
import { startNode } from './child.ts'

export interface BuiltProxy {
  /** `http://127.0.0.1:port` */
  url: string
  /** Shown at the first start of a data folder only; null afterwards. */
  ownerToken: string | null
  /** Pairs as an add-in does. @returns the token of a new seat. */
  connect: () => Promise<string>
  /** A number out of `/metrics`. */
  metric: (name: string) => Promise<number>
  stop: () => Promise<void>
  /** As a power cut does: without a word. */
  kill: () => Promise<void>
}

/** Resolves when it listens. @param settings beside those of the bench. @throws with what it printed when it does not. */
export async function startBuiltProxy(
  folder: string,
  core: number | null = null,
  settings: Readonly<Record<string, string>> = {},
): Promise<BuiltProxy> {
  const environment = {
    PORT: '0',
    DATA_DIR: folder,
    LOG_LEVEL: 'warn',
    // The limiter counts every request and refuses none.
    REQUESTS_PER_MINUTE: '1000000000',
    ...settings,
  }
  const child = startNode(proxyFile, { core, flags: startFlags(), environment })
  const [, url] = await child.printed(/listens on (\S+)\n/)
  const [, code] = await child.printed(/\/\?code=([A-Z0-9-]+)\n/)
  return {
    url: url!,
    ownerToken: /shown this once: (\S+)/.exec(child.stdout())?.[1] ?? null,
    async connect() {
      const { token } = (await postJson(`${url}/v1/session`, null, { code, name: 'bench' })) as SessionReply
      if (token === undefined) throw new Error('pairing gave no token')
      return token
    },
    metric: (name) => readMetric(url!, name),
    stop: () => child.stop(),
    kill: () => child.kill(),
  }
}

/** One batch, as JSON. @throws when the proxy refuses it. */
export async function ask(url: string, token: string, request: AnswersRequest): Promise<AnswersReply> {
  return (await postJson(`${url}/v1/answers`, token, request)) as AnswersReply
}

/** Any number of questions, a batch after the other. @returns the answers in the questions' order. */
export async function askAll(
  url: string,
  token: string,
  questions: readonly Question[],
  questionsPerBatch: number,
): Promise<Answer[]> {
  const answers: Answer[] = []
  for (let at = 0; at < questions.length; at += questionsPerBatch) {
    const reply = await ask(url, token, { questions: questions.slice(at, at + questionsPerBatch) })
    answers.push(...reply.answers)
  }
  return answers
}

/** @param name of a metric without labels. @throws when it is not there. */
export async function readMetric(url: string, name: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text()
  const value = new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1]
  if (value === undefined) throw new Error(`${url}/metrics has no ${name}`)
  return Number(value)
}

async function postJson(url: string, token: string | null, body: unknown): Promise<unknown> {
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      'Content-Type': 'application/json',
      ...(token === null ? {} : { Authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify(body),
  })
  if (!response.ok) throw new Error(`${url} answered ${response.status}: ${await response.text()}`)
  return response.json()
}
