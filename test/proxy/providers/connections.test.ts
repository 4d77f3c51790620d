/** Connections come and go with their credentials while cells are asked. */
import { afterEach, expect, test } from 'vitest'
import { createConnections, type OwnedCredential } from '../../../proxy/providers/connections.ts'
import { DEPLOYMENT, type Upstream } from '../../../proxy/providers/upstream.ts'
import { UPSTREAMS } from '../../../proxy/providers/upstreams.ts'
import { isFailure } from '../../../shared/error-codes.ts'
import { question } from '../../hosts/test-house.ts'
import { openUpstreamHouse, type UpstreamHouse } from '../../hosts/upstream-house.ts'
import { HSCIQ_KEY, startHsciqSimulator } from '../../upstreams/hsciq.ts'
import { JIAYOU_KEY, JIAYOU_SECRET, startJiayouSimulator } from '../../upstreams/jiayou.ts'

const open: { close(): Promise<unknown> }[] = []
afterEach(async () => {
  for (const one of open.splice(0)) await one.close()
})

async function openHouse(): Promise<UpstreamHouse> {
  const house = await openUpstreamHouse({ points: 100, breaker: { pauseMs: 1, openForMs: 20 } })
  open.push(house)
  return house
}

const HSCIQ: OwnedCredential = {
  workspaceId: DEPLOYMENT,
  upstream: 'hsciq',
  credential: { key: HSCIQ_KEY },
  url: 'http://127.0.0.1:9',
  version: 'first',
}

function connectionsOf(read: () => Promise<OwnedCredential[]>, readFallbacks = async () => new Set<string>()) {
  const connections = createConnections({
    upstreams: UPSTREAMS,
    breaker: {},
    readCredentials: read,
    readFallbacks,
    wrap: (provider) => provider,
    onUsage: () => {},
    now: Date.now,
    log: { warn: () => {} },
  })
  open.push(connections)
  return connections
}

test('a refresh that cannot read everything changes nothing, and the next one does', async () => {
  let kept = [HSCIQ]
  let broken = false
  const connections = connectionsOf(
    async () => kept,
    () => (broken ? Promise.reject(new Error('locked')) : Promise.resolve(new Set<string>())),
  )
  await connections.refresh()
  const generation = connections.generation()
  kept = []
  broken = true
  await expect(connections.refresh()).rejects.toThrow('locked')
  expect(connections.of('one').map(({ name }) => name)).toEqual(['hsciq'])
  expect(isFailure(connections.desk('one'))).toBe(false)
  expect(connections.generation()).toBe(generation)
  broken = false
  await connections.refresh()
  expect(connections.of('one')).toEqual([])
  expect(isFailure(connections.desk('one'))).toBe(true)
  expect(connections.generation()).toBeGreaterThan(generation)
})

test('what stands in line when a key is changed still goes out', async () => {
  const hsciq = await startHsciqSimulator({ latencyMs: 30 })
  open.push(hsciq)
  const house = await openHouse()
  await house.connect('hsciq', { key: HSCIQ_KEY }, hsciq.url)
  const asked = house.ask(Array.from({ length: 30 }, (_, at) => question('HSPORT', `Shanghai ${at}`)))
  await expect.poll(() => hsciq.requests.length).toBeGreaterThan(0)
  await house.connect('hsciq', { key: HSCIQ_KEY }, hsciq.url)
  const codes = new Set((await asked).map((answer) => answer.error?.code ?? 'ok'))
  expect([...codes].filter((code) => code.startsWith('TC-5'))).toEqual([])
})

test('a credential that cannot be opened is said in the cell, and nobody answers in its upstream’s place', async () => {
  const house = await openHouse()
  await house.connect('jiayou', { key: JIAYOU_KEY, secret: JIAYOU_SECRET }, 'http://127.0.0.1:9')
  await house.house.database.run("UPDATE credential SET sealed = 'AAAA', nonce = 'AAAAAAAAAAAAAAAA'", [])
  await house.house.connections.refresh()
  await house.house.connections.refresh()
  const [answer] = await house.ask([question('HSCODE', 'wooden kitchen chair')])
  expect(answer!.error).toMatchObject({ code: 'TC-518', retryable: false })
  expect(house.logged.filter((one) => JSON.stringify(one).includes('cannot be opened'))).toHaveLength(2)
  expect(await house.balance()).toBe(100)
})

test('a workspace’s own refused key names the command that mends that key', async () => {
  const jiayou = await startJiayouSimulator()
  open.push(jiayou)
  const house = await openHouse()
  const { workspaceId } = house.askers[1]
  await house.connect('jiayou', { key: `sk_${'f'.repeat(32)}`, secret: 'wrong' }, jiayou.url, workspaceId)
  const [answer] = await house.ask([question('HSCODE', 'shirt')], house.askers[1])
  expect(answer!.error!.message).toContain(`credentials set jiayou --workspace ${workspaceId}`)
})

test('an option that a connected upstream does not take is named, not a credential that is there', async () => {
  const jiayou = await startJiayouSimulator()
  open.push(jiayou)
  const house = await openHouse()
  await house.connect('jiayou', { key: JIAYOU_KEY, secret: JIAYOU_SECRET }, jiayou.url)
  const [answer] = await house.ask([question('HSCODE', 'shirt', 'CA', 'provider=jiayou;date=2026-03-01')])
  expect(answer!.error!.message).toMatch(/TC-225.*jiayou.*date=/)
  expect(answer!.error!.message).not.toContain('credentials set')
})

test('every upstream’s name is known where credentials are put in', () => {
  const names: readonly Upstream['name'][] = UPSTREAMS.map(({ name }) => name)
  expect(new Set(names).size).toBe(5)
})
