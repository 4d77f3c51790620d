/**
 * Random work on one ledger by processes that are killed in the middle of it, again and again. After each kill the database is opened
 * anew: the ledger adds up, and all that was acknowledged, since the beginning, is there once.
 */
import { randomUUID } from 'node:crypto'
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { build } from 'esbuild'
import { createSeats } from '../../proxy/auth/seats.ts'
import type { Database } from '../../proxy/database.ts'
import { createLedger } from '../../proxy/ledger/ledger.ts'
import { rootFolder } from '../../proxy/root-folder.ts'
import { startPostgresServer, type PostgresServer } from '../hosts/postgres-server.ts'
import { OPERATIONS, readLeft, type Acknowledged, type Owner } from './operations.ts'
import { openTortured, type Place } from './place.ts'
import { createRandom, type Random } from './random.ts'
import type { WorkerTask } from './worker.ts'

export interface TortureOptions {
  engine: Database['engine']
  kills: number
  seed: number
  /** How long the processes work before they are killed, at the most. */
  secondsPerRound: number
  say: (line: string) => void
}

export interface TortureOutcome {
  kills: number
  serverKills: number
  acknowledged: number
  lost: number
  doubled: number
  violations: number
}

const PROCESSES = 2
const WORKERS_A_PROCESS = 4
const WORKSPACES = 3
const CAP_POINTS = 5000
const LEAST_WORK_MS = 150
const SERVER_KILL_EVERY = 4
const READY_WITHIN_MS = 60_000
const WORKER = join(rootFolder(), 'dist', 'torture', 'worker.js')

export async function torture(options: TortureOptions): Promise<TortureOutcome> {
  const { engine, kills, seed, say } = options
  await buildWorker()
  const folder = mkdtempSync(join(tmpdir(), 'tariffcell-torture-'))
  const server = engine === 'postgres' ? await startPostgresServer({ durable: true }) : null
  const random = createRandom(seed)
  const outcome: TortureOutcome = { kills: 0, serverKills: 0, acknowledged: 0, lost: 0, doubled: 0, violations: 0 }
  try {
    await server?.createDatabase('torture')
    const place: Place = server ? { engine: 'postgres', url: server.urlOf('torture') } : { engine: 'sqlite', folder }
    const owners = await furnish(place)
    const logs: string[] = []
    let used = 0
    for (let round = 1; round <= kills; round++) {
      const tasks = Array.from({ length: PROCESSES }, (_, at): WorkerTask => {
        const logFile = join(folder, `round-${round}-${at}.log`)
        return { place, logFile, seed: random.between(1, 2 ** 30), workers: WORKERS_A_PROCESS, owners, used }
      })
      logs.push(...tasks.map(({ logFile }) => logFile))
      const isServerRound = server !== null && round % SERVER_KILL_EVERY === 0
      await workAndDie(tasks, { random, server: isServerRound ? server : null, options })
      outcome.kills++
      if (isServerRound) outcome.serverKills++

      const told = logs.flatMap(readLog)
      used = Math.max(used, ...told.map(({ number }) => number))
      const found = await look(place, told, say)
      outcome.acknowledged = told.length
      outcome.lost += found.lost
      outcome.doubled += found.doubled
      outcome.violations += found.violations
    }
    return outcome
  } finally {
    await server?.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

/** In one file: to start it from its sources takes longer than it lives. */
async function buildWorker(): Promise<void> {
  await build({
    entryPoints: [join(rootFolder(), 'test', 'torture', 'worker.ts')],
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    outfile: WORKER,
  })
}

async function furnish(place: Place): Promise<Owner[]> {
  const database = await openTortured(place)
  const deps = { database, now: Date.now, newId: randomUUID }
  const ledger = createLedger(deps)
  const seats = createSeats({ ...deps, ledger })
  const owners: Owner[] = []
  for (let at = 0; at < WORKSPACES; at++) {
    const { workspaceId } = await seats.createWorkspace(`tortured ${at}`)
    await ledger.credit({ workspaceId, kind: 'grant', ref: `start ${at}`, points: 500 })
    const seatId = (await seats.ownerSeatId(workspaceId))!
    owners.push({ workspaceId, seatId, dailyCapPoints: at === 0 ? CAP_POINTS : null })
  }
  await database.close()
  return owners
}

/** @throws when a process ends by itself: it met something it did not expect. */
async function workAndDie(
  tasks: readonly WorkerTask[],
  { random, server, options }: { random: Random; server: PostgresServer | null; options: TortureOptions },
): Promise<void> {
  const most = Math.max(LEAST_WORK_MS, options.secondsPerRound * 1000)
  const children = tasks.map(startWorker)
  try {
    await Promise.all(children.map(({ ready }) => ready))
    const working = Promise.race(children.map(({ ended }) => ended))
    await Promise.race([pause(random.between(LEAST_WORK_MS, most)), working])
    if (server) {
      await server.stop('immediate')
      await pause(random.between(0, 200))
      await server.start()
      await Promise.race([pause(random.between(LEAST_WORK_MS, most)), working])
    }
    // One a moment before the other: it may go on with what the first has left half done.
    for (const { child } of children) {
      if (child.exitCode !== null) throw new Error('a process ended before it was killed')
      child.kill('SIGKILL')
      await pause(random.between(0, 20))
    }
  } finally {
    for (const { child, gone } of children) {
      child.kill('SIGKILL')
      await gone
    }
  }
}

interface Worker {
  child: ChildProcess
  ready: Promise<void>
  /** Rejects when it ends by itself. */
  ended: Promise<never>
  gone: Promise<unknown>
}

const live = new Set<ChildProcess>()
process.on('exit', () => {
  for (const child of live) child.kill('SIGKILL')
})

function startWorker(task: WorkerTask): Worker {
  const child = spawn(process.execPath, [WORKER, JSON.stringify(task)], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  live.add(child)
  let said = ''
  child.stderr.on('data', (data: Buffer) => (said = `${said}${data.toString()}`.slice(-4000)))
  const gone = once(child, 'close').finally(() => live.delete(child))
  const ended = gone.then(() => {
    throw new Error(`a process ended by itself: ${said}`)
  })
  // Whoever is killed ends as well, and then nobody listens.
  ended.catch(() => undefined)
  const late = new AbortController()
  const ready = Promise.race([
    once(child.stdout, 'data').then(() => undefined),
    ended,
    pause(READY_WITHIN_MS, undefined, { signal: late.signal }).then(() => {
      throw new Error(`a process was not ready in time: ${said}`)
    }),
  ]).finally(() => late.abort())
  return { child, ready, ended, gone }
}

/** The last line may have been cut: then nobody was told. */
function readLog(file: string): (Acknowledged & { number: number })[] {
  if (!existsSync(file)) return []
  const lines = readFileSync(file, 'utf8').split('\n')
  lines.pop()
  return lines.map((line) => JSON.parse(line) as Acknowledged & { number: number })
}

async function look(
  place: Place,
  told: readonly Acknowledged[],
  say: (line: string) => void,
): Promise<{ lost: number; doubled: number; violations: number }> {
  const database = await openTortured(place)
  const violations = await createLedger({ database, now: Date.now, newId: randomUUID }).verify()
  const left = await readLeft(database)
  await database.close()
  for (const violation of violations) say(`violation: ${violation}`)
  const found = { lost: 0, doubled: 0, violations: violations.length }
  for (const one of told) {
    const fault = OPERATIONS[one.operation]!.find(left, one)
    if (!fault) continue
    found[fault]++
    say(`${fault}: ${JSON.stringify(one)}; there is ${JSON.stringify(left.holds.get(one.id) ?? null)}`)
  }
  return found
}
