import { describe, expect, it } from 'vitest'
import type { Fetch } from '../../shared/call-proxy.ts'
import { connectionEntry, createSession, type Session } from '../../excel-addin/session.ts'
import { createBrowserStore, type Store } from '../../excel-addin/store.ts'
import { createFakeClock } from './fake-clock.ts'

function createStore(): Store & { entries: Map<string, string> } {
  const entries = new Map<string, string>()
  return {
    entries,
    getItem: (key) => entries.get(key) ?? null,
    setItem: (key, value) => entries.set(key, value),
    removeItem: (key) => entries.delete(key),
  }
}

const seat = {
  token: 'secret',
  seat: { id: 's1', name: 'Ann', role: 'seat', dailyCapPoints: null },
  workspace: { id: 'w1', name: 'Imports' },
}
const accept: Fetch = () => Promise.resolve(Response.json(seat, { status: 201 }))

function openSession(fetch: Fetch = accept, store: Store = createStore(), partitionKey = ''): Session {
  return createSession({
    store,
    fetch,
    partitionKey: () => partitionKey,
    defaultBaseUrl: 'https://proxy.example/',
    defaultLanguage: () => 'fr',
    clock: createFakeClock(),
  })
}

describe('connecting', () => {
  it('trades a code for a token, and tells who listens', async () => {
    const requests: [string, unknown][] = []
    const session = openSession((url, init) => {
      requests.push([url, JSON.parse(init.body as string)])
      return accept(url, init)
    })
    let changes = 0
    session.onChange(() => changes++)
    expect(session.token()).toBeNull()
    expect(await session.connect(' ABCD-1234 ', { name: 'Ann' })).toMatchObject({ workspace: { name: 'Imports' } })
    expect(requests).toEqual([['https://proxy.example/v1/session', { code: 'ABCD-1234', name: 'Ann' }]])
    expect(session.token()).toBe('secret')
    expect(changes).toBe(1)
  })

  it('to another proxy keeps its address', async () => {
    const session = openSession()
    await session.connect('ABCD-1234', { baseUrl: 'https://other.example/hs/' })
    expect(session.baseUrl()).toBe('https://other.example/hs')
  })

  it('that fails says why, and changes nothing', async () => {
    const error = { code: 'TC-431', message: 'TC-431 as it came', retryable: false }
    const refused = openSession(() => Promise.resolve(Response.json({ error }, { status: 404 })))
    expect(await refused.connect('ABCD-1234')).toEqual({ error })
    const unreachable = openSession(() => Promise.reject(new TypeError('failed')))
    expect(await unreachable.connect('ABCD-1234')).toMatchObject({ error: { code: 'TC-520' } })
    const unreadable = openSession(() => Promise.resolve(new Response('<p>Welcome</p>')))
    expect(await unreadable.connect('ABCD-1234')).toMatchObject({ error: { code: 'TC-522' } })
    for (const session of [refused, unreachable, unreadable]) expect(session.token()).toBeNull()
  })
})

describe('calling', () => {
  it('gives a reply to nobody when another seat is connected by the time it comes', async () => {
    let answer!: (response: Response) => void
    const session = openSession((url, init) =>
      url.endsWith('/v1/points') ? new Promise((resolve) => (answer = resolve)) : accept(url, init),
    )
    const asked = session.call('/v1/points', {})
    const refused = expect(asked).rejects.toThrow('another seat')
    await session.connect('ABCD-1234')
    answer(Response.json({ balance: 40 }))
    await refused
    const again = session.call('/v1/points', {})
    answer(Response.json({ balance: 40 }))
    expect((await again).status).toBe(200)
  })
})

describe('storage', () => {
  it('is kept apart by the partition of the add-in', async () => {
    const store = createStore()
    await openSession(accept, store, 'part-1.').connect('ABCD-1234')
    expect([...store.entries.keys()].every((key) => key.startsWith('part-1.'))).toBe(true)
    expect(openSession(accept, store, 'part-2.').token()).toBeNull()
    expect(openSession(accept, store, 'part-1.').token()).toBe('secret')
  })

  it('a forbidden storage keeps the connection while the page lives', async () => {
    const forbid = (): never => {
      throw new Error('SecurityError')
    }
    const session = openSession(accept, { getItem: forbid, setItem: forbid, removeItem: forbid })
    await session.connect('ABCD-1234')
    expect(session.token()).toBe('secret')
    await session.forget()
    expect(session.token()).toBeNull()
  })

  it('a damaged entry means not connected', () => {
    const store = createStore()
    store.setItem(connectionEntry({ baseUrl: '', token: '' })[0], '{"token":')
    expect(openSession(accept, store).token()).toBeNull()
    expect(openSession(accept, store).baseUrl()).toBe('https://proxy.example')
  })

  it('the host’s language holds until another is chosen', () => {
    const session = openSession()
    expect(session.language()).toBe('fr')
    session.setLanguage('zh')
    expect(session.language()).toBe('zh')
  })
})

describe('two pages of one browser', () => {
  /** Pages over one storage: what one writes, the others are told of. */
  function openBrowser(): () => { page: EventTarget; open: (partitionKey?: string) => Session } {
    const entries = createStore()
    const pages: EventTarget[] = []
    return () => {
      const page = new EventTarget()
      pages.push(page)
      const tell = (key: string): void => {
        for (const other of pages) if (other !== page) other.dispatchEvent(Object.assign(new Event('storage'), { key }))
      }
      const localStorage: Store = {
        getItem: (key) => entries.getItem(key),
        setItem: (key, value) => [entries.setItem(key, value), tell(key)],
        removeItem: (key) => [entries.removeItem(key), tell(key)],
      }
      const store = createBrowserStore({
        localStorage,
        addEventListener: page.addEventListener.bind(page) as typeof addEventListener,
      })
      return { page, open: (partitionKey) => openSession(accept, store, partitionKey) }
    }
  }

  function countChanges(session: Session): () => number {
    let changes = 0
    session.onChange(() => changes++)
    return () => changes
  }

  it('are one seat: one hears that the other connects, changes the language, and leaves', async () => {
    const newPage = openBrowser()
    const one = newPage().open()
    const other = newPage().open()
    const changes = countChanges(other)
    await one.connect('ABCD-1234')
    expect([other.token(), changes()]).toEqual(['secret', 1])
    one.setLanguage('zh')
    expect([other.language(), changes()]).toEqual(['zh', 2])
    await one.forget()
    expect([other.token(), changes()]).toEqual([null, 3])
  })

  it('hear nothing of another partition', async () => {
    const newPage = openBrowser()
    const one = newPage().open()
    const changes = countChanges(newPage().open('part-1.'))
    await one.connect('ABCD-1234')
    expect(changes()).toBe(0)
  })

  it('one that comes back by the Back button looks at what there is now', () => {
    const { page, open } = openBrowser()()
    const changes = countChanges(open())
    page.dispatchEvent(Object.assign(new Event('pageshow'), { persisted: false }))
    expect(changes()).toBe(0)
    page.dispatchEvent(Object.assign(new Event('pageshow'), { persisted: true }))
    expect(changes()).toBe(1)
  })
})

describe('forgetting', () => {
  it('ends the token at the proxy, and here also when the proxy is out of reach', async () => {
    const calls: (string | undefined)[] = []
    const session = openSession((url, init) => {
      calls.push(init.method)
      return init.method === 'DELETE' ? Promise.reject(new TypeError('failed')) : accept(url, init)
    })
    await session.connect('ABCD-1234')
    await session.forget()
    expect(calls).toEqual(['POST', 'DELETE'])
    expect(session.token()).toBeNull()
  })
})
