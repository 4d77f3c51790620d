import { expect, test } from 'vitest'
import { createPane } from '../../../shared/pane/create-pane.ts'
import { createMemoryHost } from '../../../shared/pane/memory-host.ts'
import type { AnswerSource } from '../../../shared/protocol.ts'
import { createFakeClock } from '../../excel-addin/fake-clock.ts'

const SOURCE: AnswerSource = { provider: 'juhe', edition: 'today', cached: false, at: '2026-11-22T12:00:00.000Z' }

/** A pane whose session the test connects and disconnects, and whose requests it answers one by one. */
function openPane() {
  const clock = createFakeClock()
  const listeners = new Set<() => void>()
  const waiting: { path: string; answer: (response: Response) => void }[] = []
  let seat: string | null = 'seat-1'
  const change = (next: string | null): void => {
    seat = next
    for (const listener of listeners) listener()
  }
  let ids = 0
  const pane = createPane({
    host: createMemoryHost([{ name: 'Products', rows: [['Description'], ['cotton T-shirt']] }]),
    session: {
      isConnected: () => seat !== null,
      baseUrl: () => 'https://proxy.example',
      language: () => 'en',
      setLanguage: () => undefined,
      connect: () => Promise.reject(new Error('not here')),
      forget: async () => change(null),
      onChange(listener) {
        listeners.add(listener)
        return () => listeners.delete(listener)
      },
      call: (path) => new Promise((answer) => waiting.push({ path, answer })),
    },
    shelf: { read: async () => [], add: async () => undefined, clear: async () => undefined },
    functions: {
      recentErrors: () => [],
      onErrors: () => () => undefined,
      stoppedBy: () => null,
      resume: () => undefined,
      onStopped: () => () => undefined,
      onPoints: () => () => undefined,
      rememberedCount: () => 0,
      forgetAnswers: async () => undefined,
      tellPoints: () => undefined,
    },
    store: { get: () => null, set: () => undefined },
    clock,
    newId: () => `id-${++ids}`,
    version: '0.0.0',
    isPreview: false,
  })
  const settle = (): Promise<void> => clock.advance(0)
  return {
    pane,
    clock,
    change,
    isConnected: () => seat !== null,
    /** Answers the oldest request for this path. */
    answer: async (path: string, body: object, status = 200): Promise<void> => {
      await settle()
      const at = waiting.findIndex((one) => one.path === path)
      const [found] = waiting.splice(at, 1)
      expect(at, `a request for ${path}`).toBeGreaterThanOrEqual(0)
      found!.answer(Response.json(body, { status }))
      await settle()
    },
  }
}

const seatOf = (workspace: string) => ({
  seat: { id: `seat of ${workspace}`, name: '', role: 'seat', dailyCapPoints: null },
  workspace: { id: workspace, name: workspace },
})
const balanceOf = (balance: number) => ({
  balance,
  held: 0,
  posted: balance,
  spentToday: 0,
  dailyCap: null,
  capLeft: null,
})
const REVOKED = { error: { code: 'TC-401', message: 'TC-401 as it came', retryable: false } }

async function connectTo(opened: ReturnType<typeof openPane>, workspace: string, balance: number): Promise<void> {
  await opened.answer('/v1/session', seatOf(workspace))
  await opened.answer('/v1/points', balanceOf(balance))
}

test('a reply that came late to the seat before does not disconnect the one that is connected now', async () => {
  const opened = openPane()
  void opened.pane.refresh()
  opened.change('seat-2')
  await opened.answer('/v1/session', REVOKED, 401)
  expect(opened.isConnected()).toBe(true)
  await connectTo(opened, 'two', 20)
  expect(opened.pane.connection.get()).toMatchObject({ kind: 'connected', workspace: { id: 'two' } })
  expect(opened.pane.points.get()?.balance).toBe(20)
  opened.pane.close()
})

test('points that were asked for one seat are not shown to the next', async () => {
  const opened = openPane()
  void opened.pane.refreshPoints()
  opened.change(null)
  opened.change('seat-2')
  await opened.answer('/v1/points', balanceOf(10))
  expect(opened.pane.points.get()).toBeNull()
  opened.pane.close()
})

test('a connection that was taken back is noticed when the pane looks for its points', async () => {
  const opened = openPane()
  void opened.pane.refresh()
  await connectTo(opened, 'one', 10)
  await opened.clock.advance(60_000)
  await opened.answer('/v1/points', REVOKED, 401)
  expect(opened.isConnected()).toBe(false)
  expect(opened.pane.connection.get()).toEqual({ kind: 'none' })
  opened.pane.close()
})

test('what was bought, opened and written for one workspace is there when it comes back, and not shown to another', async () => {
  const opened = openPane()
  const { pane, answer } = opened
  void pane.refresh()
  await connectTo(opened, 'one', 10)
  pane.pictureLook.set({
    shown: { kind: 'address', url: 'https://pictures.example/1' },
    rows: [],
    source: SOURCE,
    points: 1,
  })
  pane.expertDraft.write('productNameCn', '手机壳')
  void pane.checkout.open(50)
  const recharge = {
    id: 'r1',
    state: 'open',
    cny: 50,
    currency: 'cny',
    points: 2500,
    refundedPoints: 0,
    createdAt: '2026-11-22T12:00:00.000Z',
    paidAt: null,
  }
  await answer('/v1/points/checkout', { recharge, url: 'https://pay.example/1' })

  opened.change(null)
  opened.change('seat-2')
  await connectTo(opened, 'one', 10)
  expect(pane.pictureLook.get()).not.toBeNull()
  expect(pane.checkout.state.get().kind).toBe('open')
  expect(pane.expertDraft.draft.get().fields).toEqual({ productNameCn: '手机壳' })
  expect(pane.workspaces.get()).toBe(0)

  opened.change('seat-3')
  await connectTo(opened, 'two', 20)
  expect(pane.pictureLook.get()).toBeNull()
  expect(pane.checkout.state.get()).toEqual({ kind: 'none' })
  expect(pane.expertDraft.draft.get().fields).toEqual({})
  expect(pane.workspaces.get()).toBe(1)
  pane.close()
})
