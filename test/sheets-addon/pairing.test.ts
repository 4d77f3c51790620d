/** Connecting by a page in the browser, as the sidebar's door does it at Google. */
import { hash } from 'node:crypto'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { DoorReply, RelayedReply, SidebarPairing, SidebarState } from '../../sheets-addon/door-protocol.ts'
import { sentence } from '../../shared/error-codes.ts'
import type { Spreadsheet } from '../hosts/apps-script/spreadsheet-state.ts'
import { EDITOR, keptTokens, openSheetsHouse, OWNER, type SheetsHouse } from './sheets-house.ts'

let open: SheetsHouse
let sheet: Spreadsheet
beforeEach(async () => {
  open = await openSheetsHouse()
  sheet = open.world.spreadsheet({ owner: OWNER })
})
afterEach(() => open.close())

async function ask(deed: string, given: unknown = 'en', user = OWNER): Promise<unknown> {
  const reply = (await open.door(user, sheet, deed, given)) as DoorReply
  return 'failure' in reply ? sentence(reply.failure) : reply.value
}

async function begin(user = OWNER): Promise<{ pairing: SidebarPairing; challenge: string }> {
  const { status, text } = (await ask('beginPairing', 'en', user)) as RelayedReply
  expect(status).toBe(201)
  const pairing = JSON.parse(text) as SidebarPairing
  return { pairing, challenge: pairing.address.split('#')[1]! }
}

const state = async (user = OWNER) => (await ask('begin', null, user)) as SidebarState
const poll = async (user = OWNER) => (await ask('askPairing', 'en', user)) as RelayedReply
const decide = (challenge: string, deed: 'approve' | 'refuse') =>
  open.proxy.post(`/v1/pairings/${challenge}/${deed}`, {})

/** What a person's properties keep of what waits to be approved. */
function keptSecret(user = OWNER): string | null {
  const kept = open.world.properties.user(user).get('tariffcell.pairing')
  return kept === undefined ? null : (JSON.parse(kept) as { secret: string }).secret
}

test('the sidebar is told where to approve and what to compare; the secret stays at Google, the proxy has its hash', async () => {
  const { pairing, challenge } = await begin()
  expect(pairing.address).toBe(`${open.proxy.url}/connect/#${challenge}`)
  const secret = keptSecret()!
  expect(hash('sha256', secret, 'base64url')).toBe(challenge)
  const shown = (await (await open.proxy.get(`/v1/pairings/${challenge}`)).json()) as {
    matchCode: string
    name: string
  }
  expect(shown).toMatchObject({ matchCode: pairing.matchCode, name: 'Google Sheets' })
  const sent = JSON.stringify(open.world.web.sent)
  const told = JSON.stringify([pairing, await state(), open.world.log])
  for (const text of [sent, told]) expect(text).not.toContain(secret)
})

test('it waits, and once it is approved the token is in this person’s properties and nowhere else', async () => {
  const { challenge } = await begin()
  expect(await poll()).toMatchObject({ status: 202 })
  await decide(challenge, 'approve')
  const fetched = await poll()
  expect([fetched.status, JSON.parse(fetched.text)]).toMatchObject([201, { seat: { role: 'seat' }, workspace: {} }])
  const [token, ...more] = keptTokens(open.world, OWNER, sheet)
  expect(more).toEqual([])
  const told = JSON.stringify([fetched, await state(), open.world.log])
  expect(told).not.toContain(token)
  expect(keptSecret()).toBeNull()
  expect(await state()).toMatchObject({ isConnected: true, pairing: null })
  expect(await state(EDITOR)).toMatchObject({ isConnected: false, pairing: null })
})

test('another sidebar of this person, which asks a moment later, is connected too', async () => {
  const { challenge } = await begin()
  await decide(challenge, 'approve')
  const first = await poll()
  expect(await poll()).toMatchObject({ status: 200, text: expect.stringContaining(JSON.parse(first.text).seat.id) })
  expect(keptTokens(open.world, OWNER, sheet)).toHaveLength(1)
})

test('a sidebar that is opened anew goes on with what was begun, in any spreadsheet of this person', async () => {
  const { pairing, challenge } = await begin()
  sheet = open.world.spreadsheet({ owner: OWNER })
  const found = (await state()).pairing
  expect(found).toMatchObject({ address: pairing.address, matchCode: pairing.matchCode })
  expect(found!.leftMs).toBeLessThanOrEqual(pairing.leftMs)
  await decide(challenge, 'approve')
  expect(await poll()).toMatchObject({ status: 201 })
})

test('what two people begin are two things', async () => {
  const [one, other] = [await begin(), await begin(EDITOR)]
  await decide(other.challenge, 'approve')
  expect(await poll()).toMatchObject({ status: 202 })
  expect(await poll(EDITOR)).toMatchObject({ status: 201 })
  expect(one.pairing.matchCode).not.toBe(other.pairing.matchCode)
})

test('what was refused is said once, in the person’s language, and forgotten', async () => {
  const { challenge } = await begin()
  await decide(challenge, 'refuse')
  expect(await ask('askPairing', 'fr')).toMatchObject({ status: 409, text: expect.stringMatching(/TC-451.*approuvée/) })
  expect([keptSecret(), (await state()).pairing]).toEqual([null, null])
  expect(await poll()).toMatch(/^TC-450 /)
})

test('what nobody answered ends, here and at the proxy', async () => {
  await begin()
  open.house.clock.advance(600_000)
  expect(await poll()).toMatchObject({ status: 404, text: expect.stringContaining('TC-450') })
  await begin()
  open.world.advance(600_000)
  expect((await state()).pairing).toBeNull()
  expect(await poll()).toMatch(/^TC-450 .*10 minutes/)
})

test('a proxy that is away for a moment ends nothing', async () => {
  const { challenge } = await begin()
  open.world.web.trouble = () => ({ error: 'dns' })
  expect(await poll()).toMatch(/^TC-520 /)
  open.world.web.trouble = null
  await decide(challenge, 'approve')
  expect(await poll()).toMatchObject({ status: 201 })
})

test('a token whose reply was lost on its way is fetched with the next look', async () => {
  const { challenge } = await begin()
  await decide(challenge, 'approve')
  const lost = await open.proxy.post('/v1/session', { pairing: keptSecret() }, {})
  const { token } = (await lost.json()) as { token: string }
  expect(await poll()).toMatchObject({ status: 201 })
  expect([keptTokens(open.world, OWNER, sheet), keptSecret()]).toEqual([[token], null])
})

test('who types a code meanwhile needs it no more', async () => {
  await begin()
  await ask('connect', { code: await open.code(), language: 'en' })
  expect([keptSecret(), await state()]).toMatchObject([null, { isConnected: true, pairing: null }])
})

test('a formula gets nothing of it, and what is given to it is checked', async () => {
  for (const deed of ['beginPairing', 'askPairing']) {
    await expect(open.door(EDITOR, sheet, deed, 'en', 'CUSTOM_FUNCTION')).rejects.toThrow()
    expect(await open.door(OWNER, sheet, deed, 'tlh')).toMatchObject({ failure: { failed: 'sidebar-outdated' } })
  }
})

test('two sidebars of one person begin the same, and both are connected by one approval, asking at the same moment', async () => {
  const [one, other] = await Promise.all([begin(), begin()])
  expect(one.challenge).toBe(other.challenge)
  await decide(one.challenge, 'approve')
  const replies = await Promise.all([poll(), poll()])
  expect(replies.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 201])
})

test.each([
  ['post', '/v1/session'],
  ['post', '/v1/session/rotate'],
  ['post', '/v1/Session/sheet'],
  ['post', '/v1/seats'],
  ['post', '/v1/seats/x/rotate'],
])('the sidebar’s page cannot have a token made for it to see: %s %s', async (method, path) => {
  const { challenge } = await begin()
  await decide(challenge, 'approve')
  await poll()
  const before = open.world.web.sent.length
  expect(await ask('relay', { method, path, contentType: 'application/json', body: '{}' })).toMatch(/^TC-403 /)
  expect(open.world.web.sent).toHaveLength(before)
})
