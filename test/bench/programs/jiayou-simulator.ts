/** Simulated jiayou in a process of its own. Prints its address, and the one that its books can be read at. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { startJiayouSimulator } from '../../upstreams/jiayou.ts'
import { readInput } from './read-input.ts'

export interface JiayouInput {
  latencyMs: number
  /** Points of the account. */
  balance: number
  /** What products are answered with. */
  codes: string[]
}

/** Since it was started. */
export interface JiayouBooks {
  calls: number
  pointsCharged: number
}

const simulator = await startJiayouSimulator(await readInput<JiayouInput>())
const server = createServer((_, response) => {
  const books: JiayouBooks = { calls: simulator.calls, pointsCharged: simulator.pointsCharged }
  response.end(JSON.stringify(books))
})
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo
  process.stdout.write(`jiayou on ${simulator.url} with its books on http://127.0.0.1:${port}\n`)
})
process.on('SIGTERM', () => process.exit(0))
