import { expect, test } from 'vitest'
import { createBulkCalls } from '../../../proxy/answer/bulk-calls.ts'
import type { Bulk } from '../../../proxy/providers/provider.ts'
import { fakeProvider } from '../../hosts/fake-provider.ts'

const provider = fakeProvider({ bulk: { callsInFlightMax: 2 } as Bulk })
const FOREVER = new AbortController().signal

/** Lets whatever can go on go on. */
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

function line() {
  const calls = createBulkCalls()
  const begun: string[] = []
  const ends: (() => void)[] = []
  const ask = async (workspaceId: string, signal = FOREVER): Promise<void> => {
    const end = await calls.turn(provider, workspaceId, signal)
    if (!end) return void begun.push(`${workspaceId} left`)
    begun.push(workspaceId)
    ends.push(end)
  }
  return { calls, begun, ends, ask }
}

test('so many calls are under way and no more; workspaces have their turns one after the other', async () => {
  const { begun, ends, ask } = line()
  for (const workspaceId of ['a', 'a', 'a', 'a', 'a', 'b', 'c']) void ask(workspaceId)
  await settle()
  expect(begun).toEqual(['a', 'a'])
  for (let more = 0; more < 5; more++) {
    ends[more]!()
    await settle()
    expect(begun).toHaveLength(3 + more)
  }
  expect(begun).toEqual(['a', 'a', 'a', 'b', 'c', 'a', 'a'])
})

test('a turn that is ended twice makes room once', async () => {
  const { begun, ends, ask } = line()
  for (const workspaceId of ['a', 'b', 'c', 'd']) void ask(workspaceId)
  await settle()
  ends[0]!()
  ends[0]!()
  await settle()
  expect(begun).toEqual(['a', 'b', 'c'])
})

test('whoever is stopped in line leaves it, and takes no turn from those behind', async () => {
  const { begun, ends, ask } = line()
  const stop = new AbortController()
  for (const workspaceId of ['a', 'b']) void ask(workspaceId)
  await settle()
  void ask('c', stop.signal)
  void ask('d')
  stop.abort()
  await settle()
  expect(begun).toEqual(['a', 'b', 'c left'])
  ends[0]!()
  await settle()
  expect(begun).toEqual(['a', 'b', 'c left', 'd'])
  void ask('e', stop.signal)
  await settle()
  expect(begun.at(-1)).toBe('e left')
})

test('one connection does not wait for another', async () => {
  const { calls, ask } = line()
  await ask('a')
  await ask('a')
  const other = fakeProvider({ bulk: { callsInFlightMax: 1 } as Bulk })
  expect(await calls.turn(other, 'a', FOREVER)).not.toBeNull()
})
