/** A simulated jiayou with our adapter connected to it, and everything the adapter let out: usage, log, errors. */
import { readFileSync } from 'node:fs'
import { inspect } from 'node:util'
import { createJiayouClient, jiayou, type JiayouClient } from '../../../proxy/providers/jiayou/index.ts'
import { ProviderError, type ClassifyInquiry, type Facts } from '../../../proxy/providers/provider.ts'
import type { ConnectedUpstream, Connection, Usage } from '../../../proxy/providers/upstream.ts'
import {
  JIAYOU_JWT,
  JIAYOU_KEY,
  JIAYOU_SECRET,
  startJiayouSimulator,
  type JiayouSimulator,
  type JiayouSimulatorOptions,
} from '../../upstreams/jiayou.ts'

export interface JiayouHouse {
  simulator: JiayouSimulator
  connected: ConnectedUpstream
  client: JiayouClient
  usages: Usage[]
  logged: object[]
  /** Everything that could leave the adapter, as text. */
  said: string[]
  /** What a call fails with. */
  fails(call: Promise<unknown>): Promise<ProviderError>
  close(): Promise<void>
}

export async function openJiayouHouse(
  options: JiayouSimulatorOptions = {},
  overrides: Partial<Connection> = {},
): Promise<JiayouHouse> {
  const simulator = await startJiayouSimulator(options)
  const usages: Usage[] = []
  const logged: object[] = []
  const said: string[] = []
  const connection: Connection = {
    credential: { key: JIAYOU_KEY, secret: JIAYOU_SECRET, jwt: JIAYOU_JWT },
    baseUrl: simulator.url,
    now: () => Date.UTC(2026, 10, 30, 23, 59),
    log: {
      warn(details, message) {
        logged.push(details)
        said.push(JSON.stringify({ details, message }))
      },
    },
    onUsage: (usage) => void usages.push(usage),
    ...overrides,
  }
  const connected = jiayou.connect(connection)
  const client = createJiayouClient(connection)
  return {
    simulator,
    connected,
    client,
    usages,
    logged,
    said,
    async fails(call) {
      try {
        await call
      } catch (error) {
        said.push(inspect(error, { depth: 10, showHidden: true }), JSON.stringify(error))
        if (error instanceof ProviderError) return error
        throw error
      }
      throw new Error('it did not fail')
    },
    async close() {
      await simulator.close()
      await Promise.all([connected.close(), client.close()])
    },
  }
}

export function classifyInquiry(description: string, more: Partial<ClassifyInquiry> = {}): ClassifyInquiry {
  const facts: Facts = { material: '', use: '', gender: '', category: '' }
  return { kind: 'classify', key: `key of ${description}`, description, country: 'CA', facts, date: null, ...more }
}

export function fixture(name: string): unknown {
  return JSON.parse(readFileSync(new URL(`../../fixtures/jiayou/${name}.json`, import.meta.url), 'utf8')) as unknown
}
