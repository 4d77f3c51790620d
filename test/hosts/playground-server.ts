/** Serves a built playground and a pretended proxy behind it, with the headers and the wire of the real one, and faults on demand. */
import { readFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { extname, join } from 'node:path'
import type { Answer, AnswersRequest, Question } from '../../shared/protocol.ts'

export interface PlaygroundServer {
  readonly url: string
  /** Opens once; `link()` makes another. */
  link(): string
  /** Bodies of POST /v1/answers so far. */
  readonly batches: AnswersRequest[]
  /** Every path asked for, query included. */
  readonly paths: string[]
  /** `down` breaks every connection to /v1; `hold` answers no cell until it ends. */
  setFault(fault: 'none' | 'down' | 'hold'): void
  /** No token holds any more. */
  revokeTokens(): void
  close(): Promise<void>
}

// The least the page needs, stricter than what proxy/app.ts sends: the grid adds style elements and draws patterns from data: images.
const PAGE_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  'img-src data:',
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join(';')

const TYPES: Record<string, string> = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css' }
const START_BALANCE = 12_480

export async function startPlaygroundServer(folder: string): Promise<PlaygroundServer> {
  const batches: AnswersRequest[] = []
  const paths: string[] = []
  const codes = new Set<string>()
  const tokens = new Set<string>()
  const held: (() => void)[] = []
  let fault: 'none' | 'down' | 'hold' = 'none'
  let balance = START_BALANCE

  const server = createServer((request, response) => {
    const path = request.url ?? '/'
    paths.push(path)
    if (!path.startsWith('/v1/')) sendPage(response, new URL(path, 'http://page').pathname)
    else if (fault === 'down') request.socket.destroy()
    else void answerApi(request, response, path)
  })

  function sendPage(response: ServerResponse, path: string): void {
    const name = path === '/' ? 'index.html' : path.slice(1)
    try {
      const body = readFileSync(join(folder, name))
      response.setHeader('Content-Security-Policy', PAGE_POLICY)
      response.setHeader('Content-Type', TYPES[extname(name)] ?? 'application/octet-stream')
      response.end(body)
    } catch {
      response.writeHead(404).end()
    }
  }

  async function answerApi(request: IncomingMessage, response: ServerResponse, path: string): Promise<void> {
    const body = await readBody(request)
    if (request.method === 'DELETE') response.writeHead(204).end()
    else if (path === '/v1/session') {
      const { code } = JSON.parse(body) as { code: string }
      if (!codes.delete(code)) {
        sendJson(response, 404, refusal('TC-431', 'This connection code is unknown or used.'))
        return
      }
      const token = `token-${tokens.size + 1}`
      tokens.add(token)
      sendJson(response, 201, {
        token,
        seat: { id: 'seat-1', name: 'Playground', role: 'seat', dailyCapPoints: null },
        workspace: { id: 'workspace-1', name: 'My workspace' },
      })
    } else if (!tokens.has((request.headers.authorization ?? '').slice('Bearer '.length))) {
      sendJson(response, 401, refusal('TC-401', 'Not connected. Enter a connection code.'))
    } else if (path === '/v1/points') {
      sendJson(response, 200, { balance, held: 0, posted: balance, spentToday: 0, dailyCap: null, capLeft: null })
    } else {
      if (fault === 'hold') await new Promise<void>((resolve) => held.push(resolve))
      answerCells(response, JSON.parse(body) as AnswersRequest)
    }
  }

  function answerCells(response: ServerResponse, batch: AnswersRequest): void {
    batches.push(batch)
    response.setHeader('Content-Type', 'application/x-ndjson')
    const answers = batch.questions.map((question) => pretendAnswer(question, batch.lang ?? 'en'))
    balance -= answers.reduce((sum, { points }) => sum + points, 0)
    for (const answer of answers) response.write(`${JSON.stringify(answer)}\n`)
    response.end(`${JSON.stringify({ done: true, points: { balance, held: 0, spent: 0 } })}\n`)
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const sockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  return {
    url,
    batches,
    paths,
    link: () => {
      const code = `TEST-${String(codes.size + tokens.size).padStart(4, '0')}-CODE`
      codes.add(code)
      return `${url}/?code=${code}`
    },
    setFault: (next) => {
      fault = next
      if (next === 'down') for (const socket of sockets) socket.destroy()
      if (next !== 'hold') for (const release of held.splice(0)) release()
    },
    revokeTokens: () => tokens.clear(),
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      server.closeAllConnections()
      await closed
    },
  }
}

function refusal(code: string, message: string) {
  return { error: { code, message: `${code} ${message}`, retryable: false } }
}

const CODES: Record<string, string> = {
  "men's cotton t-shirt, knitted": '6109100012',
  'fresh Atlantic salmon fillets': '0304410000',
  'purebred breeding horse, live': '0101210000',
}
const RATES: Record<string, number> = { CA: 0.18, US: 0.165 }
export const TOO_VAGUE: Record<string, string> = {
  en: 'TC-201 Too vague: say what the parts are for.',
  zh: 'TC-201 描述过于笼统：请说明用途。',
  fr: 'TC-201 Trop vague : dites à quoi servent les pièces.',
}

/** Same text, same code: what the real one does, without its knowledge. */
export function pretendCode(description: string): string {
  const sum = Array.from(description).reduce((total, letter) => (total * 31 + letter.codePointAt(0)!) % 900_000, 7)
  return CODES[description] ?? `84${String(sum).padStart(6, '0')}00`
}

function pretendAnswer({ id, fn, args }: Question, language: string): Answer {
  const subject = String(args[0] ?? '')
  const answer = { id, points: 0 }
  switch (fn) {
    case 'HSCODE':
      if (subject === 'spare parts') {
        return { ...answer, error: { code: 'TC-201', message: TOO_VAGUE[language]!, retryable: false } }
      }
      return { ...answer, value: pretendCode(subject) }
    case 'HSCONF':
      return { ...answer, value: 0.87 }
    case 'HSRATE':
      // What arrives is shown back, so that a test sees whether a code is still a text.
      return typeof args[0] === 'string' && /^\d{6,10}$/.test(args[0])
        ? { ...answer, value: args[2] === 'MX' ? 0 : (RATES[String(args[1])] ?? 0.05) }
        : { ...answer, error: { code: 'TC-120', message: `TC-120 Not a code: ${typeof args[0]}`, retryable: false } }
    case 'HSALT':
      return {
        ...answer,
        table: [
          [1, '6109100012', 'T-shirts', 0.87, 'embedded'],
          [2, '0302140000', 'Salmon', 0.1, 'embedded'],
        ],
      }
    case 'HSPOINTS':
      return { ...answer, value: 12_480 }
    default:
      return { ...answer, value: `${fn} of ${subject}` }
  }
}

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body))
}

async function readBody(request: IncomingMessage): Promise<string> {
  let body = ''
  for await (const chunk of request) body += String(chunk)
  return body
}
