/** What outlives the pane of a run: enough to go on writing, and what was classified last. In this browser, by workbook. */
import * as z from 'zod/mini'
import { parseJson } from '../../parse-json.ts'
import type { PaneStore } from '../pane-deps.ts'
import type { LastRun, RunPlan, RunSetup } from './plan-run.ts'

const column = z.nullable(z.int())
const setup = z.object({
  sheet: z.string(),
  sheetName: z.string(),
  firstRow: z.int(),
  rows: z.int(),
  headerRow: z.nullable(z.int()),
  selected: z.nullable(z.object({ row: z.int(), rows: z.int() })),
  inputs: z.object({
    description: z.int(),
    facts: z.object({ material: column, use: column, gender: column, category: column }),
    origin: column,
    value: column,
    country: column,
  }),
  country: z.string(),
  outputs: z.object({
    code: column,
    label: column,
    confidence: column,
    agreement: column,
    mfn: column,
    best: column,
    review: column,
  }),
  codeStyle: z.enum(['dots', 'plain']),
  scope: z.enum(['selected', 'table', 'blanks', 'failed', 'changed', 'test']),
  overwrite: z.enum(['keep', 'replace']),
  language: z.enum(['en', 'zh', 'fr']),
})
const keptRun = z.object({
  requestId: z.string(),
  /** It was begun in. */
  workspace: z.object({ id: z.string(), name: z.string() }),
  title: z.string(),
  startedAt: z.int(),
  balanceBefore: z.nullable(z.int()),
  /** What the preview said it would cost. */
  estimated: z.int(),
  setup,
  /** Of all rows of the region, one behind the other. */
  keys: z.string(),
  /** Place of each row of the run among them. */
  ats: z.array(z.int()),
  /** By n, columns that stay. */
  kept: z.array(z.tuple([z.int(), z.array(z.int())])),
  blanks: z.int(),
  keptRows: z.int(),
})
const keptProgress = z.object({ jobId: z.nullable(z.string()), dealtWith: z.string() })

export interface KeptRun extends Omit<z.infer<typeof keptRun>, 'setup' | 'keys'> {
  setup: RunSetup
  keys: string[]
}

export interface KeptProgress {
  jobId: string | null
  /** By n, 1 where the row was written or found moved. */
  dealtWith: Uint8Array
}

const KEY_SIGNS = 8

export function createKeptRuns(store: PaneStore, workbookKey: string) {
  const name = (part: string): string => `bulk.${part}.${workbookKey}`

  return {
    keep(run: KeptRun): void {
      store.set(name('run'), printKeptRun(run))
    },
    keepProgress({ jobId, dealtWith }: KeptProgress): void {
      store.set(name('progress'), JSON.stringify({ jobId, dealtWith: printBits(dealtWith) }))
    },
    /** @returns null where there is none, or none that can be read. */
    read(): { run: KeptRun; progress: KeptProgress } | null {
      const run = readKeptRun(store.get(name('run')) ?? '')
      if (!run) return null
      const progress = z.safeParse(keptProgress, parseJson(store.get(name('progress')) ?? ''))
      return {
        run,
        progress: {
          jobId: progress.success ? progress.data.jobId : null,
          dealtWith: readBits(progress.success ? progress.data.dealtWith : '', run.ats.length),
        },
      }
    },
    forget(): void {
      store.set(name('run'), null)
      store.set(name('progress'), null)
    },
    keepLast(last: LastRun): void {
      store.set(name('last'), `${[...last.done].join('')}/${[...last.failed].join('')}`)
    },
    readLast(): LastRun | null {
      const text = store.get(name('last'))
      if (text === null) return null
      const [done = '', failed = ''] = text.split('/')
      return { done: keysIn(done), failed: keysIn(failed) }
    },
  }
}

export function printKeptRun(run: KeptRun): string {
  return JSON.stringify({ ...run, keys: run.keys.join('') })
}

/** @returns null where it cannot be read. */
export function readKeptRun(text: string): KeptRun | null {
  const run = z.safeParse(keptRun, parseJson(text))
  if (!run.success) return null
  const { keys, ...rest } = run.data
  return {
    ...rest,
    keys: Array.from({ length: rest.setup.rows }, (_, at) => keys.slice(at * KEY_SIGNS, (at + 1) * KEY_SIGNS)),
  }
}

export type KeptRuns = ReturnType<typeof createKeptRuns>

export function keptRunOf(
  plan: RunPlan,
  facts: Pick<KeptRun, 'requestId' | 'workspace' | 'title' | 'startedAt' | 'balanceBefore' | 'estimated'>,
): KeptRun {
  return {
    ...facts,
    setup: plan.setup,
    keys: plan.keys,
    ats: plan.rows.map(({ at }) => at),
    kept: plan.rows.flatMap(({ n, kept }) => (kept.length === 0 ? [] : [[n, kept] as [number, number[]]])),
    blanks: plan.blanks,
    keptRows: plan.keptRows,
  }
}

function keysIn(text: string): Set<string> {
  const keys = new Set<string>()
  for (let at = 0; at + KEY_SIGNS <= text.length; at += KEY_SIGNS) keys.add(text.slice(at, at + KEY_SIGNS))
  return keys
}

/** Four rows a sign. */
function printBits(bits: Uint8Array): string {
  let text = ''
  for (let at = 0; at < bits.length; at += 4) {
    text += (bits[at]! * 8 + (bits[at + 1] ?? 0) * 4 + (bits[at + 2] ?? 0) * 2 + (bits[at + 3] ?? 0)).toString(16)
  }
  return text
}

function readBits(text: string, rows: number): Uint8Array {
  const bits = new Uint8Array(rows)
  for (let at = 0; at < rows; at++) {
    const sign = Number.parseInt(text[Math.floor(at / 4)] ?? '0', 16)
    bits[at] = (sign >> (3 - (at % 4))) & 1
  }
  return bits
}
