/** A provider that answers from a script, counts what it was asked, and can fail in every way a real one does. */
import type { Classification, Inquiry, Provider, Reply } from '../../proxy/providers/provider.ts'

export interface FakeProvider extends Provider {
  /** Keys of every call, in order. */
  readonly calls: string[][]
  /** Replaces how the next calls behave. */
  behave(ask: (inquiries: readonly Inquiry[], signal: AbortSignal) => Promise<Map<string, Reply>>): void
}

export function classification(code: string, score: number | null = 0.9): Classification {
  return {
    kind: 'classification',
    candidates: [
      { code, score },
      { code: '392690', score: score === null ? null : Math.max(0, 0.95 - score) },
    ],
    headings: [{ code: code.slice(0, 4), score: score === null ? null : Math.min(1, score + 0.05) }],
    lines: { count: 2, first: [`${code}10`, `${code}90`] },
    words: ['word'],
    vague: null,
    missing: 'material',
  }
}

/** Answers every inquiry with the same classification. */
export async function answerAll(inquiries: readonly Inquiry[]): Promise<Map<string, Reply>> {
  return new Map(inquiries.map((inquiry) => [inquiry.key, classification('610910')]))
}

export function fakeProvider(changes: Partial<Provider> = {}): FakeProvider {
  const calls: string[][] = []
  let act: Provider['ask'] = answerAll
  return {
    name: 'fake',
    inquiriesPerCallMax: 500,
    callsInFlightMax: 4,
    timeoutMs: 2000,
    gatherWindowMs: 5,
    answers: (inquiry) => inquiry.kind === 'classify',
    edition: () => 'edition 1',
    ...changes,
    calls,
    behave(ask) {
      act = ask
    },
    ask(inquiries, signal) {
      calls.push(inquiries.map((inquiry) => (inquiry.kind === 'classify' ? inquiry.description : inquiry.key)))
      return act(inquiries, signal)
    },
  }
}
