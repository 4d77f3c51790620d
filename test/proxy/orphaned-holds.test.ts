/** A proxy that starts on the data of one that was killed: which holds it ends, and which are none of its business. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createSubmissions, type Submissions } from '../../proxy/answer/submissions.ts'
import type { Hold } from '../../proxy/ledger/ledger.ts'
import { lockFolderForCommand, lockOutCommands } from '../../proxy/lock-folder.ts'
import { expireOrphanedHolds } from '../../proxy/orphaned-holds.ts'
import { FailureError, isFailure } from '../../shared/error-codes.ts'
import { fakeProvider } from '../hosts/fake-provider.ts'
import { openTestHouse, type TestHouse } from '../hosts/test-house.ts'

let folder: string
let house: TestHouse
let submissions: Submissions
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tariffcell-orphans-'))
  house = await openTestHouse({ providers: [fakeProvider()], points: 100, folder })
  submissions = createSubmissions({ database: house.database, now: house.clock.now })
})
afterEach(async () => {
  expect(await house.ledger.verify()).toEqual([])
  await house.close()
  rmSync(folder, { recursive: true })
})

const HASH = 'a'.repeat(43)

/** Set aside for one question, as by a process that is gone since. */
async function hold(): Promise<Hold> {
  const made = await house.ledger.hold({ ...house.askers[0], points: 10, ttlMs: 60_000 })
  if (isFailure(made)) throw new FailureError(made)
  return made
}

function start(engine: 'sqlite' | 'postgres' = 'sqlite'): Promise<number> {
  const { ledger, answer, clock } = house
  return expireOrphanedHolds(
    { database: { engine }, ledger, submissions, claims: answer.claims, dataFolder: folder },
    clock.now(),
  )
}

async function stateOf({ id }: Hold): Promise<string> {
  return (await house.database.get<{ state: string }>('SELECT state FROM hold WHERE id = $1', [id]))!.state
}

test('holds of before give their points and questions back; a late charge to one of them is refused', async () => {
  const { workspaceId } = house.askers[0]
  const orphan = await hold()
  await house.database.transaction((tx) => house.answer.claims.takeIn(tx, workspaceId, [HASH], orphan.id))
  house.clock.advance(1)
  expect(await start()).toBe(1)
  expect(await house.ledger.balance(workspaceId)).toEqual({ posted: 100, held: 0, spendable: 100 })
  expect(await house.database.all('SELECT * FROM question_claim')).toEqual([])
  expect(await house.ledger.settle(orphan, 10, async () => {})).toBe(false)
  expect(await house.ledger.spentToday(house.askers[0].seatId)).toBe(0)
  expect(await start()).toBe(0)
})

test('what was handed in by bulk keeps its hold until it is settled or given up', async () => {
  const place = { workspaceId: house.askers[0].workspaceId, jobId: 'job-1', upstream: 'jiayou', token: null }
  const holds = [await hold(), await hold(), await hold()]
  for (const [chunk, { id }] of holds.entries()) {
    await house.database.transaction((tx) =>
      submissions.insertIn(tx, { ...place, id: `s-${chunk}`, chunk }, id, ['a question']),
    )
  }
  const [, sent, failed] = await Promise.all(holds.map((_, chunk) => submissions.read({ ...place, id: `s-${chunk}` })))
  await submissions.sent(sent!, 'BAT1', 1)
  await house.database.transaction((tx) => submissions.failedIn(tx, failed!, 'submit-unknown'))
  house.clock.advance(1)
  expect(await start()).toBe(1)
  expect(await Promise.all(holds.map(stateOf))).toEqual(['held', 'held', 'expired'])
})

test('a hold that was not opened before the start is left alone', async () => {
  const own = await hold()
  expect(await start()).toBe(0)
  expect(await stateOf(own)).toBe('held')
})

test('on PostgreSQL, where another may live, and beside a command that pays, holds run out by themselves', async () => {
  const orphan = await hold()
  house.clock.advance(1)
  expect(await start('postgres')).toBe(0)
  const [one, two] = [await lockFolderForCommand(folder), await lockFolderForCommand(folder)]
  expect(await start()).toBe(0)
  one()
  expect(await start()).toBe(0)
  two()
  expect(await stateOf(orphan)).toBe('held')
  expect(await start()).toBe(1)
})

test('commands are locked out one at a time, and let in again', async () => {
  const letIn = (await lockOutCommands(folder))!
  expect(await lockOutCommands(folder)).toBeNull()
  letIn()
  const unlock = await lockFolderForCommand(folder)
  expect(await lockOutCommands(folder)).toBeNull()
  unlock()
  ;(await lockOutCommands(folder))!()
})
