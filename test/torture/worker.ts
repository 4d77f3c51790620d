/** A process to be killed: some workers that change the ledger without a pause. What each is told goes to the log before it goes on. */
import { randomUUID } from 'node:crypto'
import { openSync, fsyncSync, writeSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { DatabaseAwayError } from '../../proxy/database.ts'
import { createLedger } from '../../proxy/ledger/ledger.ts'
import { drawOperation, type Acknowledged, type Owner } from './operations.ts'
import { openTortured, type Place } from './place.ts'
import { createRandom } from './random.ts'

export interface WorkerTask {
  place: Place
  logFile: string
  seed: number
  workers: number
  owners: Owner[]
  /** Numbers up to this one were used by those who were killed before. */
  used: number
}

// A server that was taken away comes back.
const TRY_AGAIN_MS = 20
const OPERATIONS_A_NUMBER = 6

const task = JSON.parse(process.argv[2]!) as WorkerTask
const database = await openTortured(task.place)
const ledger = createLedger({ database, now: Date.now, newId: randomUUID })
const log = openSync(task.logFile, 'a')
let operations = 0
let isUnderWay = false
const newest = (): number => task.used + 10 + Math.floor(operations / OPERATIONS_A_NUMBER)

await Promise.all(Array.from({ length: task.workers }, (_, at) => work(task.seed + at * 7919)))

async function work(seed: number): Promise<never> {
  const random = createRandom(seed)
  const world = { database, ledger, owners: task.owners, random, newest }
  for (;;) {
    operations++
    try {
      const told = await drawOperation(random).act(world)
      if (told) write(told)
    } catch (error) {
      if (!(error instanceof DatabaseAwayError)) throw error
      await pause(TRY_AGAIN_MS)
    }
  }
}

function write(told: Acknowledged): void {
  // Whoever kills us waits for this: a process that has not begun yet leaves nothing half done.
  if (!isUnderWay) process.stdout.write('under way\n')
  isUnderWay = true
  writeSync(log, `${JSON.stringify({ ...told, number: newest() })}\n`)
  fsyncSync(log)
}
