/** A proxy on a free port of this machine that answers as it is told, and remembers what it was asked. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Answer, AnswersRequest, Question } from '../../shared/protocol.ts'

export interface FakeProxy {
  baseUrl: string
  /** Bodies of POST /v1/answers, in the order they came. */
  batches: AnswersRequest[]
  headers: IncomingMessage['headers'][]
  close(): Promise<void>
}

export type Respond = (request: AnswersRequest, response: ServerResponse, batch: number) => void | Promise<void>

/** A code made from the text, so that a value in the wrong cell is noticed; its leading zero is part of it. */
export function codeFor(text: unknown): string {
  let sum = 0
  for (const character of String(text)) sum = (sum * 31 + character.codePointAt(0)!) % 1_000_000
  return `0${String(sum).padStart(6, '0').slice(0, 3)}.${String(sum).padStart(6, '0').slice(3, 5)}`
}

export function answerOf(question: Question, answer: Partial<Answer> = { value: codeFor(question.args[0]) }): Answer {
  return { id: question.id, points: 0, ...answer }
}

export function writeLines(response: ServerResponse, lines: readonly object[]): void {
  if (!response.headersSent) response.setHeader('Content-Type', 'application/x-ndjson')
  for (const line of lines) response.write(`${JSON.stringify(line)}\n`)
}

export const DONE = { done: true, points: { balance: 100, held: 0, spent: 0 } }

export function sendLines(response: ServerResponse, answers: readonly Answer[]): void {
  writeLines(response, [...answers, DONE])
  response.end()
}

export function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.statusCode = status
  response.setHeader('Content-Type', 'application/json')
  response.end(JSON.stringify(body))
}

export const answerAll: Respond = ({ questions }, response) =>
  sendLines(
    response,
    questions.map((question) => answerOf(question)),
  )

export async function startFakeProxy(respond: Respond = answerAll): Promise<FakeProxy> {
  const batches: AnswersRequest[] = []
  const headers: IncomingMessage['headers'][] = []
  const server = createServer((request, response) => {
    let text = ''
    request.on('data', (chunk: Buffer) => {
      text += chunk.toString('utf8')
    })
    request.on('end', () => {
      const body = JSON.parse(text) as AnswersRequest
      batches.push(body)
      headers.push(request.headers)
      void respond(body, response, batches.length)
    })
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    batches,
    headers,
    async close() {
      server.closeAllConnections()
      await new Promise<void>((resolve) => {
        server.close(() => resolve())
      })
    },
  }
}
