import { expect, test } from 'vitest'
import type { Door } from '../../sheets-addon/sidebar/door.ts'
import { createSheetsStore } from '../../sheets-addon/sidebar/sheets-session.ts'

/** A Google that keeps what it is given when the test lets it, or refuses it. */
function slowGoogle() {
  const kept: Record<string, string | null> = {}
  const waiting: { name: string; text: string | null; end: (isKept: boolean) => Promise<void> }[] = []
  const door = ((_: string, { name, text }: { name: string; text: string | null }) =>
    new Promise((resolve, reject) => {
      waiting.push({
        name,
        text,
        async end(isKept) {
          if (isKept) {
            kept[name] = text
            resolve(null)
          } else reject(new Error('Google is busy'))
          await new Promise((turn) => setTimeout(turn))
        },
      })
    })) as unknown as Door
  return { door, kept, waiting }
}

test('of one name the latest is kept last, and what was overtaken is not sent at all', async () => {
  const { door, kept, waiting } = slowGoogle()
  const store = createSheetsStore(door, { run: 'from before' })
  expect(store.get('run')).toBe('from before')
  for (const text of ['1', '2', '3']) store.set('run', text)
  store.set('country', 'CA')
  expect(store.get('run')).toBe('3')
  expect(waiting.map(({ name, text }) => [name, text])).toEqual([
    ['run', '1'],
    ['country', 'CA'],
  ])
  store.set('run', null)
  await waiting[0]!.end(true)
  expect(waiting).toHaveLength(3)
  await waiting[2]!.end(true)
  expect(kept).toEqual({ run: null })
})

test('what Google refused is not in the way of what comes after', async () => {
  const { door, kept, waiting } = slowGoogle()
  const store = createSheetsStore(door, {})
  store.set('run', '1')
  store.set('run', '2')
  await waiting[0]!.end(false)
  await waiting[1]!.end(true)
  store.set('run', '3')
  await waiting[2]!.end(true)
  expect(kept).toEqual({ run: '3' })
})
