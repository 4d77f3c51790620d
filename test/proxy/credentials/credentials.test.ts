import { randomBytes } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createAudit } from '../../../proxy/audit/audit.ts'
import { createCredentials } from '../../../proxy/credentials/credentials.ts'
import { DEPLOYMENT } from '../../../proxy/providers/upstream.ts'
import { openMasterKey } from '../../../proxy/credentials/master-key.ts'
import type { Database } from '../../../proxy/database.ts'
import { openTestDatabase, testClock, testIds } from '../../hosts/test-database.ts'

const SECRET = 'K3y-which-nobody-may-see'

let database: Database
beforeEach(async () => {
  database = await openTestDatabase()
})
afterEach(() => database.close())

const clock = testClock()
const newId = testIds()
function openCredentials(setting = randomBytes(32).toString('hex')) {
  const masterKey = openMasterKey({ folder: '/nowhere', setting })
  return createCredentials({ database, masterKey, now: clock.now, newId })
}

describe('a credential', () => {
  test('comes back as it was kept, for its owner alone', async () => {
    const credentials = openCredentials()
    await credentials.set(DEPLOYMENT, 'jiayou', { key: SECRET }, null)
    await credentials.set('w-1', 'jiayou', { key: 'mine', secret: 's' }, 'https://other.example')
    expect(await credentials.read(DEPLOYMENT, 'jiayou')).toEqual({ credential: { key: SECRET }, url: null })
    expect(await credentials.read('w-1', 'jiayou')).toEqual({
      credential: { key: 'mine', secret: 's' },
      url: 'https://other.example',
    })
    expect(await credentials.read('w-2', 'jiayou')).toBeNull()
    expect(await credentials.read(DEPLOYMENT, 'hsciq')).toBeNull()
  })

  test('is listed without its secrets, and stands in no row as text', async () => {
    const credentials = openCredentials()
    await credentials.set(DEPLOYMENT, 'jiayou', { secret: SECRET, key: SECRET }, null)
    const { entries, failed } = await credentials.list()
    expect(failed).toBeNull()
    expect(entries).toEqual([
      {
        workspaceId: '',
        upstream: 'jiayou',
        fields: ['key', 'secret'],
        url: null,
        changedAt: clock.now(),
        version: expect.any(String),
      },
    ])
    expect(JSON.stringify(await database.all('SELECT * FROM credential'))).not.toContain(SECRET)
  })

  test('is replaced by the next one, and gone when it is removed', async () => {
    const credentials = openCredentials()
    await credentials.set(DEPLOYMENT, 'jiayou', { key: 'one' }, 'https://a.example')
    await credentials.set(DEPLOYMENT, 'jiayou', { key: 'two' }, null)
    expect(await credentials.read(DEPLOYMENT, 'jiayou')).toEqual({ credential: { key: 'two' }, url: null })
    expect(await credentials.remove(DEPLOYMENT, 'jiayou')).toBe(true)
    expect(await credentials.remove(DEPLOYMENT, 'jiayou')).toBe(false)
    expect(await credentials.read(DEPLOYMENT, 'jiayou')).toBeNull()
  })

  test('in a row that was changed or swapped with another is refused', async () => {
    const credentials = openCredentials()
    const broken: Record<string, string> = {
      'another address': "UPDATE credential SET url = 'https://thief.example' WHERE upstream = 'jiayou'",
      'another row': `UPDATE credential SET (nonce, sealed) =
        (SELECT nonce, sealed FROM credential WHERE upstream = 'hsciq') WHERE upstream = 'jiayou'`,
      'another owner': "UPDATE credential SET workspace_id = 'w-1' WHERE upstream = 'jiayou'",
    }
    for (const [what, sql] of Object.entries(broken)) {
      await database.run('DELETE FROM credential')
      await credentials.set(DEPLOYMENT, 'jiayou', { key: SECRET }, null)
      await credentials.set(DEPLOYMENT, 'hsciq', { key: 'other' }, null)
      await database.run(sql)
      const owner = what === 'another owner' ? 'w-1' : DEPLOYMENT
      await expect(credentials.read(owner, 'jiayou'), what).rejects.toThrow('TC-614')
      expect(await credentials.read(DEPLOYMENT, 'hsciq'), what).not.toBeNull()
    }
  })
})

describe('under another key', () => {
  test('nothing opens, and the list says what is there', async () => {
    await openCredentials().set(DEPLOYMENT, 'jiayou', { key: SECRET }, null)
    const other = openCredentials()
    await expect(other.read(DEPLOYMENT, 'jiayou')).rejects.toThrow(/^TC-614 .*jiayou is kept under key [0-9a-f]{8}/)
    const { entries, failed } = await other.list()
    expect(entries).toMatchObject([{ upstream: 'jiayou', fields: null }])
    expect(failed?.failed).toBe('master-key')
  })

  test('no second key comes in beside the first, until what it kept is removed', async () => {
    const first = openCredentials()
    await first.set(DEPLOYMENT, 'jiayou', { key: SECRET }, null)
    const other = openCredentials()
    await expect(other.set(DEPLOYMENT, 'hsciq', { key: 'x' }, null)).rejects.toThrow('TC-614')
    expect(await first.read(DEPLOYMENT, 'jiayou')).not.toBeNull()
    await other.remove(DEPLOYMENT, 'jiayou')
    await other.set(DEPLOYMENT, 'hsciq', { key: 'x' }, null)
    expect(await other.read(DEPLOYMENT, 'hsciq')).not.toBeNull()
  })
})

test('the version of a credential is another one after every set, within the same millisecond too, and the same in between', async () => {
  const credentials = openCredentials()
  const version = async () => (await credentials.list()).entries.map((entry) => entry.version).join(' ')
  const seen = [await version()]
  for (const workspaceId of [DEPLOYMENT, DEPLOYMENT, 'w-1']) {
    await credentials.set(workspaceId, 'jiayou', { key: 'one' }, null)
    seen.push(await version())
  }
  await credentials.remove(DEPLOYMENT, 'jiayou')
  seen.push(await version())
  await credentials.set(DEPLOYMENT, 'jiayou', { key: 'one' }, null)
  seen.push(await version())
  expect(new Set(seen).size).toBe(seen.length)
  expect(await version()).toBe(seen.at(-1))
})

test('what is set and removed is written down, without a secret', async () => {
  const credentials = openCredentials()
  await credentials.set(DEPLOYMENT, 'jiayou', { secret: SECRET, key: SECRET }, 'https://a.example')
  await credentials.set('w-1', 'hsciq', { key: SECRET }, null)
  await credentials.remove('w-1', 'hsciq')
  await credentials.remove('w-1', 'hsciq')
  const entries = await createAudit({ database, now: clock.now, newId }).list({ limit: 10 })
  expect(JSON.stringify(entries)).not.toContain(SECRET)
  expect(
    entries.map(({ workspaceId, actor, action, detail }) => [workspaceId, actor, action, detail]).reverse(),
  ).toEqual([
    ['', 'operator', 'credential.set', { upstream: 'jiayou', fields: 'key, secret', url: 'https://a.example' }],
    ['w-1', 'operator', 'credential.set', { upstream: 'hsciq', fields: 'key', url: null }],
    ['w-1', 'operator', 'credential.remove', { upstream: 'hsciq' }],
  ])
})
