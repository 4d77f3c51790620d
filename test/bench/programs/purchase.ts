/**
 * One paid answer after the other, each commit on the disk: a hold, then its settlement with the answer stored beside it. Before and
 * after, plain writes that wait for the disk: they are what such a commit costs at the least.
 */
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { createAnswerCache, type Remembered } from '../../../proxy/answer/cache.ts'
import { openPostgresDatabase } from '../../../proxy/postgres-database.ts'
import { openSqliteDatabase } from '../../../proxy/sqlite-database.ts'
import { createLedger } from '../../../proxy/ledger/ledger.ts'
import { createSeats } from '../../../proxy/auth/seats.ts'
import { migrate } from '../../../proxy/migrate.ts'
import { rootFolder } from '../../../proxy/root-folder.ts'
import { isFailure } from '../../../shared/error-codes.ts'
import { syncedWritesPerSecond } from '../synced-writes.ts'
import { readInput } from './read-input.ts'

export interface PurchaseInput {
  folder: string
  /** PostgreSQL in the place of SQLite in the folder. */
  databaseUrl: string | null
  /** How many buy at the same time, each for a workspace of its own. */
  buyers: number
  warmUpMs: number
  measuredMs: number
}

export interface PurchaseOutput {
  purchases: number
  seconds: number
  /** Writes of 4 KiB that wait for the disk, one after the other, in the same folder. */
  syncedWritesPerSecond: number
  /** What the ledger says against itself; empty when it adds up. */
  violations: string[]
}

const input = await readInput<PurchaseInput>()
const { folder, databaseUrl } = input
const database =
  databaseUrl === null
    ? await openSqliteDatabase(folder)
    : await openPostgresDatabase(databaseUrl, { log: { warn: () => undefined, error: () => undefined } })
const deps = { database, now: Date.now, newId: randomUUID }
await migrate(deps.database, join(rootFolder(), 'proxy', 'migrations'), deps.now)
const ledger = createLedger(deps)
const seats = createSeats({ ...deps, ledger })
const cache = createAnswerCache({ database: deps.database, memoryBytesMax: 1_000_000 })
const buyers = await Promise.all(
  Array.from({ length: input.buyers }, async (_, at) => {
    const { workspaceId } = await seats.createWorkspace('bench')
    await ledger.credit({ workspaceId, kind: 'grant', ref: `bench ${at}`, points: 1_000_000_000 })
    return { workspaceId, seatId: (await seats.ownerSeatId(workspaceId))! }
  }),
)

let purchases = 0
await purchaseAll(input.warmUpMs)
purchases = 0
const diskBefore = syncedWritesPerSecond(input.folder)
const began = performance.now()
await purchaseAll(input.measuredMs)
const seconds = (performance.now() - began) / 1000
const output: PurchaseOutput = {
  purchases,
  seconds,
  syncedWritesPerSecond: (diskBefore + syncedWritesPerSecond(input.folder)) / 2,
  violations: await ledger.verify(),
}
await deps.database.close()
process.stdout.write(JSON.stringify(output))

async function purchaseAll(milliseconds: number): Promise<void> {
  await Promise.all(buyers.map((buyer) => purchaseFor(buyer, milliseconds)))
}

async function purchaseFor(
  { workspaceId, seatId }: { workspaceId: string; seatId: string },
  milliseconds: number,
): Promise<void> {
  const end = performance.now() + milliseconds
  while (performance.now() < end) {
    const hold = await ledger.hold({ workspaceId, seatId, dailyCapPoints: null, points: 1, ttlMs: 60_000 })
    if (isFailure(hold)) throw new Error(`no hold: ${hold.failed}`)
    const answer = remembered()
    await ledger.settle(hold, 1, (tx) => cache.store(tx, workspaceId, `bench ${hold.id}`, answer, hold.id))
    purchases++
  }
}

/** As large as a classification usually is. */
function remembered(): Remembered {
  const candidates = Array.from({ length: 10 }, (_, at) => ({ code: `61091000${at}0`, score: 1 / (at + 2) }))
  return {
    reply: {
      kind: 'classification',
      candidates,
      headings: candidates.slice(0, 5),
      lines: { count: 4, first: ['6109100011', '6109100012', '6109100021', '6109100022'] },
      words: ['cotton', 't-shirt'],
      vague: null,
      missing: null,
    },
    provider: 'bench',
    edition: 'bench',
    answeredAt: Date.now(),
    points: 1,
  }
}
