import { expect, test } from 'vitest'
import type { MemoryReply } from '../../../../shared/memory-protocol.ts'
import { createMemoryList } from '../../../../shared/pane/memory/memory-pages.ts'
import type { MemoryPage, Refused } from '../../../../shared/pane/proxy-api.ts'

type Reply = MemoryReply | Refused

function page(ids: string[], after: number | null, total = 9): MemoryReply {
  const facts = { material: '', use: '', gender: '', category: '' }
  const entries = ids.map((id) => ({
    id,
    description: id,
    facts,
    country: 'CA',
    code: '610910',
    note: '',
    approvedBy: 'Ann',
    approvedAt: '2026-11-29T00:00:00Z',
    source: 'api' as const,
  }))
  return { entries, after, total }
}

/** Replies wait until they are given, so that they can come in any order. */
function open(removal: Refused | object = {}) {
  const asked: { page: MemoryPage; reply: (reply: Reply) => void }[] = []
  const list = createMemoryList({
    memory: (wanted) => new Promise<Reply>((resolve) => asked.push({ page: wanted, reply: resolve })),
    forgetApproval: async () => removal as Record<string, never>,
  })
  return { list, asked, ids: () => list.pages.get()?.entries.map(({ id }) => id) }
}

test('pages follow each other, and an entry that comes twice stands there once', async () => {
  const { list, asked, ids } = open()
  const found = list.find({ q: 'mug', country: 'CA' })
  asked[0]!.reply(page(['a', 'b'], 7))
  await found
  const more = list.more()
  expect(asked[1]!.page).toEqual({ q: 'mug', country: 'CA', after: 7 })
  asked[1]!.reply(page(['b', 'c'], null))
  await more
  expect(ids()).toEqual(['a', 'b', 'c'])
  await list.more()
  expect(asked).toHaveLength(2)
})

test('the reply to an earlier search never takes the place of a later one', async () => {
  const { list, asked, ids } = open()
  const first = list.find({ q: 'm', country: '' })
  const second = list.find({ q: 'mug', country: '' })
  asked[1]!.reply(page(['mug'], null))
  asked[0]!.reply(page(['m'], null))
  await Promise.all([first, second])
  expect(ids()).toEqual(['mug'])
})

test('what was removed is gone from the list, and so is what somebody else removed before', async () => {
  for (const removal of [{}, { error: { code: 'TC-241', message: '', retryable: false } }]) {
    const { list, asked, ids } = open(removal)
    const found = list.find({ q: '', country: '' })
    asked[0]!.reply(page(['a', 'b'], null, 2))
    await found
    expect(await list.remove('a')).toBeUndefined()
    expect(ids()).toEqual(['b'])
    expect(list.pages.get()?.total).toBe(1)
  }
})

test('a refused search is said and leaves what is shown as it is', async () => {
  const { list, asked, ids } = open()
  const found = list.find({ q: '', country: '' })
  asked[0]!.reply(page(['a'], null))
  await found
  const refused = list.find({ q: 'x', country: '' })
  asked[1]!.reply({ error: { code: 'TC-508', message: 'away', retryable: true } })
  expect(await refused).toMatchObject({ error: { code: 'TC-508' } })
  expect(ids()).toEqual(['a'])
})
