/**
 * What the proxy's cached path is held against: node:http with the same JSON in and out, one Map looked up for each question, and
 * nothing else. No routing, no seat, no limit, no check of the body. Prints its address.
 */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Answer, AnswersRequest, PointsSummary } from '../../../shared/protocol.ts'
import { readInput } from './read-input.ts'

export interface BareServerInput {
  /** By `questionText`. */
  answers: [text: string, answer: Omit<Answer, 'id'>][]
  points: PointsSummary
}

const { answers, points } = await readInput<BareServerInput>()
const known = new Map(answers)

const server = createServer((request, response) => {
  if (request.method === 'GET') {
    const { user, system } = process.cpuUsage()
    response.end(`process_cpu_seconds_total ${(user + system) / 1e6}\n`)
    return
  }
  const chunks: Buffer[] = []
  request.on('data', (chunk: Buffer) => chunks.push(chunk))
  request.on('end', () => {
    const { requestId, questions } = JSON.parse(Buffer.concat(chunks).toString()) as AnswersRequest
    const reply = JSON.stringify({
      requestId,
      answers: questions.map(({ id, fn, args }) => ({ id, ...known.get(`${fn} ${args[0]} ${args[1]}`) })),
      points,
    })
    response.writeHead(200, {
      'Content-Type': 'application/json; charset=utf-8',
      'Content-Length': Buffer.byteLength(reply),
    })
    response.end(reply)
  })
})
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`bare server on http://127.0.0.1:${(server.address() as AddressInfo).port}\n`)
})
process.on('SIGTERM', () => process.exit(0))
