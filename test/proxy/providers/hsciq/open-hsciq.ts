/** The adapter before a simulated HSCIQ: what a cell asks goes over real HTTP. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { hsciq } from '../../../../proxy/providers/hsciq/index.ts'
import type { Facts, Inquiry, Reply } from '../../../../proxy/providers/provider.ts'
import type { ConnectedUpstream, Connection, Usage } from '../../../../proxy/providers/upstream.ts'
import { rootFolder } from '../../../../proxy/root-folder.ts'
import { parseAsk, type CodeAsk, type LookupAsk } from '../../../../shared/ask.ts'
import { functionSpec } from '../../../../shared/functions.ts'
import type { CellValue } from '../../../../shared/tariff-code.ts'
import { HSCIQ_KEY, startHsciqSimulator, type HsciqOptions, type HsciqSimulator } from '../../../upstreams/hsciq.ts'

export interface OpenHsciq {
  simulator: HsciqSimulator
  connected: ConnectedUpstream
  connection: Connection
  usage: Usage[]
  /** Everything that was logged. */
  logged: unknown[]
  /** What a cell with this function would be answered. @throws {ProviderError} */
  ask(fn: string, ...args: CellValue[]): Promise<Reply>
  /** HSCODE of a description. */
  classify(description: string, country?: string, signal?: AbortSignal, facts?: Partial<Facts>): Promise<Reply>
  /** The reply of the next call is this fixture of the document's own examples. */
  replyNext(name: string, change?: (reply: { data: Record<string, object> }) => void): void
  /** `arguments` of the last call. */
  lastArguments(): unknown
  close(): Promise<void>
}

export async function openHsciq(options: HsciqOptions & { key?: string } = {}): Promise<OpenHsciq> {
  const simulator = await startHsciqSimulator(options)
  const usage: Usage[] = []
  const logged: unknown[] = []
  const connection: Connection = {
    credential: { key: options.key ?? HSCIQ_KEY },
    baseUrl: simulator.url,
    now: () => Date.UTC(2026, 10, 22),
    log: { warn: (details, message) => void logged.push({ details, message }) },
    onUsage: (used) => void usage.push(used),
  }
  const connected = hsciq.connect(connection)
  const ask = async (inquiry: Inquiry, signal = AbortSignal.timeout(10_000)): Promise<Reply> => {
    if (!connected.provider.answers(inquiry)) throw new Error('does not answer this')
    return (await connected.provider.ask([inquiry], signal)).get(inquiry.key)!
  }
  return {
    simulator,
    connected,
    connection,
    usage,
    logged,
    ask: (fn, ...args) => ask(inquiryOf(fn, args)),
    classify: (description, country = 'CN', signal, facts) =>
      ask(classifyInquiry(description, country, null, facts), signal),
    replyNext(name, change) {
      const file = join(rootFolder(), 'test', 'fixtures', 'hsciq', `${name}.json`)
      const reply = JSON.parse(readFileSync(file, 'utf8')) as { data: Record<string, object> }
      change?.(reply)
      simulator.fault({ kind: 'rewrite', rewrite: () => reply })
    },
    lastArguments: () => (simulator.requests.at(-1)!.json as { arguments: unknown }).arguments,
    async close() {
      await connected.close()
      await simulator.close()
    },
  }
}

export function classifyInquiry(
  description: string,
  country: string,
  date: string | null = null,
  facts: Partial<Facts> = {},
): Inquiry {
  const allFacts = { material: '', use: '', gender: '', category: '', ...facts }
  return { kind: 'classify', key: 'k', description, country, facts: allFacts, date }
}

export function inquiryOf(fn: string, args: readonly CellValue[]): Inquiry {
  const ask = parseAsk(fn, args) as CodeAsk | LookupAsk
  if ('failed' in ask) throw new Error(`not a question: ${JSON.stringify(ask)}`)
  return functionSpec(ask.fn).askedOf === 'tariff'
    ? { kind: 'tariff', key: 'k', ask: ask as CodeAsk }
    : { kind: 'lookup', key: 'k', ask: ask as LookupAsk }
}
