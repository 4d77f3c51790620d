import { describe, expect, it } from 'vitest'
import { createKeptMemory, KEPT_MAX, type AnswerShelf, type KeptAnswer } from '../../excel-addin/kept-memory.ts'
import { createFakeClock, type FakeClock } from './fake-clock.ts'

const DAY_MS = 24 * 3600 * 1000
const HOUR_MS = 3600 * 1000

/** A disk that outlives the pages that use it. */
function openDisk() {
  const scopes = new Map<string, Map<string, KeptAnswer>>()
  const of = (scope: string): Map<string, KeptAnswer> => {
    const found = scopes.get(scope) ?? new Map<string, KeptAnswer>()
    scopes.set(scope, found)
    return found
  }
  let writes = 0
  let isFull = false
  const shelf: AnswerShelf = {
    read: async (scope, now) =>
      [...of(scope).values()].filter(({ expiresAt }) => expiresAt > now).sort((a, b) => a.usedAt - b.usedAt),
    async write(scope, answers, gone) {
      if (isFull) throw new Error('QuotaExceededError')
      writes++
      for (const answer of answers) of(scope).set(answer.question, answer)
      for (const question of gone) of(scope).delete(question)
    },
    clear: async (scope) => of(scope).clear(),
  }
  return {
    shelf,
    of,
    get writes() {
      return writes
    },
    fill: () => (isFull = true),
  }
}

interface PageOptions {
  openShelf?: (() => Promise<AnswerShelf>) | null
  scope?: () => string | null
}

function openPage(disk: ReturnType<typeof openDisk>, clock: FakeClock, options: PageOptions = {}) {
  return createKeptMemory({
    clock,
    openShelf: options.openShelf === undefined ? async () => disk.shelf : options.openShelf,
    scope: async () => (options.scope ?? (() => 'seat en'))(),
    inMemoryMax: 10_000,
  })
}

/** A page that has read what there is, and was told the version of the data. */
async function openReadPage(disk: ReturnType<typeof openDisk>, clock: FakeClock, options: PageOptions = {}) {
  const page = openPage(disk, clock, options)
  page.get('anything')
  await clock.advance(0)
  page.isOf('v1')
  return page
}

const answer = (value: string) => ({ value })

describe('answers kept on this machine', () => {
  it('outlive the page, and are written a second behind, together', async () => {
    const disk = openDisk()
    const clock = createFakeClock()
    const first = await openReadPage(disk, clock)
    for (let at = 0; at < 100; at++) first.set(`q${at}`, answer(`a${at}`), DAY_MS)
    await clock.advance(999)
    expect(disk.writes).toBe(0)
    await clock.advance(1)
    expect(disk.writes).toBe(1)
    const second = openPage(disk, clock)
    expect(second.get('q7')).toBeUndefined()
    await second.loading
    expect(second.loading).toBeNull()
    expect(second.get('q7')).toEqual(answer('a7'))
    expect(second.size).toBe(100)
  })

  it('are over when their time is', async () => {
    const disk = openDisk()
    const clock = createFakeClock()
    const first = await openReadPage(disk, clock)
    first.set('rate', answer('0.18'), DAY_MS)
    first.set('code', answer('6109.10'), 30 * DAY_MS)
    await first.written()
    await clock.advance(DAY_MS)
    const second = await openReadPage(disk, clock)
    expect(second.get('rate')).toBeUndefined()
    expect(second.get('code')).toEqual(answer('6109.10'))
    await clock.advance(29 * DAY_MS)
    expect(second.get('code')).toBeUndefined()
  })

  it('do not hold what is good for a minute', async () => {
    const disk = openDisk()
    const page = await openReadPage(disk, createFakeClock())
    page.set('fresh', answer('6109.10'), 60_000)
    await page.written()
    expect(page.get('fresh')).toEqual(answer('6109.10'))
    expect(disk.of('seat en').size).toBe(0)
  })

  it('are at most 5,000, and the least recently used go first', async () => {
    const disk = openDisk()
    const clock = createFakeClock()
    const first = await openReadPage(disk, clock)
    for (let at = 0; at < KEPT_MAX; at++) first.set(`q${at}`, answer('a'), DAY_MS)
    await clock.advance(2 * HOUR_MS)
    first.get('q0')
    first.set('new 1', answer('a'), DAY_MS)
    first.set('new 2', answer('a'), DAY_MS)
    await first.written()
    const kept = disk.of('seat en')
    expect(kept.size).toBe(KEPT_MAX)
    expect(['q0', 'q1', 'q2', 'q3', 'new 2'].map((question) => kept.has(question))).toEqual([
      true,
      false,
      false,
      true,
      true,
    ])
  })

  it('belong to one seat in one language, and wait for it to come back', async () => {
    const disk = openDisk()
    const clock = createFakeClock()
    let scope: string | null = 'ann en'
    const page = await openReadPage(disk, clock, { scope: () => scope })
    page.set('q', answer('for Ann'), DAY_MS)
    scope = 'ben en'
    page.reopen()
    expect(page.get('q')).toBeUndefined()
    await clock.advance(0)
    expect(page.get('q')).toBeUndefined()
    scope = 'ann en'
    page.reopen()
    page.get('q')
    await clock.advance(0)
    expect(page.get('q')).toEqual(answer('for Ann'))
    scope = null
    page.reopen()
    page.set('q', answer('for nobody'), DAY_MS)
    await page.written()
    expect([...disk.of('ann en').values()]).toMatchObject([{ answer: answer('for Ann') }])
  })

  it('are gone when they are forgotten, on the disk too, and even while they are being read', async () => {
    const disk = openDisk()
    const clock = createFakeClock()
    const first = await openReadPage(disk, clock)
    first.set('q', answer('a'), DAY_MS)
    await first.written()
    first.set('not written yet', answer('a'), DAY_MS)
    first.clear()
    await first.written()
    await clock.advance(2000)
    expect(disk.of('seat en').size).toBe(0)
    first.set('q', answer('a'), DAY_MS)
    await first.written()

    const second = openPage(disk, clock)
    second.get('q')
    second.clear()
    await clock.advance(2000)
    expect(second.get('q')).toBeUndefined()
    expect(disk.of('seat en').size).toBe(0)
  })
})

describe('the version of the data', () => {
  it('of what was kept is compared with what the proxy tells, before or after it was read', async () => {
    const disk = openDisk()
    const clock = createFakeClock()
    const first = await openReadPage(disk, clock)
    first.set('q', answer('a'), DAY_MS)
    await first.written()

    const same = openPage(disk, clock)
    same.get('q')
    await clock.advance(0)
    expect(same.isOf('v1')).toBe(true)
    expect(same.get('q')).toEqual(answer('a'))
    expect(same.isOf('v2')).toBe(false)

    const toldAfter = openPage(disk, clock)
    toldAfter.get('q')
    await clock.advance(0)
    expect(toldAfter.isOf('v2')).toBe(false)

    const toldBefore = openPage(disk, clock)
    toldBefore.isOf('v2')
    await clock.advance(0)
    expect(toldBefore.get('q')).toBeUndefined()
  })

  it('is given to what was answered before it was told; what never got one is not believed later', async () => {
    const disk = openDisk()
    const clock = createFakeClock()
    const first = openPage(disk, clock)
    first.set('q', answer('a'), DAY_MS)
    expect(first.isOf('v1')).toBe(true)
    await first.written()
    expect(disk.of('seat en').get('q')).toMatchObject({ dataVersion: 'v1' })

    const never = openPage(disk, clock)
    never.set('untold', answer('a'), DAY_MS)
    await never.written()
    const later = await openReadPage(disk, clock)
    expect([later.get('q'), later.get('untold')]).toEqual([answer('a'), undefined])
  })
})

describe('where the disk is no help, answers last as long as the page', () => {
  const works = (page: ReturnType<typeof createKeptMemory>): void => {
    page.set('q', answer('a'), DAY_MS)
    expect(page.get('q')).toEqual(answer('a'))
  }

  it('it is missing: nobody waits', async () => {
    const page = openPage(openDisk(), createFakeClock(), { openShelf: null })
    expect(page.loading).toBeNull()
    works(page)
    await page.written()
  })

  it('it is forbidden', async () => {
    const clock = createFakeClock()
    const page = openPage(openDisk(), clock, { openShelf: () => Promise.reject(new Error('SecurityError')) })
    page.get('q')
    await clock.advance(0)
    expect(page.loading).toBeNull()
    works(page)
    await page.written()
  })

  it('it never opens: nobody waits longer than 200 ms, and it is given up after 10 s', async () => {
    const clock = createFakeClock()
    const page = openPage(openDisk(), clock, { openShelf: () => new Promise(() => undefined) })
    const { loading } = page
    expect(loading).not.toBeNull()
    await clock.advance(200)
    await loading
    expect(page.loading).toBeNull()
    works(page)
    await clock.advance(10_000)
    await page.written()
    expect(clock.waiting).toBe(0)
  })

  it('it is full', async () => {
    const disk = openDisk()
    const clock = createFakeClock()
    const page = await openReadPage(disk, clock)
    disk.fill()
    works(page)
    await page.written()
    works(page)
    await page.written()
    expect(disk.writes).toBe(0)
  })

  it('it is slow: what it brings later is used from then on, and does not overwrite what is newer', async () => {
    const disk = openDisk()
    const clock = createFakeClock()
    const first = await openReadPage(disk, clock)
    first.set('old', answer('from disk'), DAY_MS)
    first.set('q', answer('from disk'), DAY_MS)
    await first.written()
    const slowly = new Promise<AnswerShelf>((resolve) => {
      clock.schedule(() => resolve(disk.shelf), 3000)
    })
    const page = openPage(disk, clock, { openShelf: () => slowly })
    page.get('q')
    await clock.advance(200)
    page.set('q', answer('asked again'), DAY_MS)
    await clock.advance(3000)
    expect([page.get('old'), page.get('q')]).toEqual([answer('from disk'), answer('asked again')])
  })
})
