/** jiayou's webhooks from the command line: what is made there, what is kept here, and what is said. */
import { createHmac } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openAdmin } from '../../../proxy/admin/open-admin.ts'
import { runAdmin } from '../../../proxy/admin/run-admin.ts'
import { jiayou } from '../../../proxy/providers/jiayou/index.ts'
import type { Credential } from '../../../proxy/providers/upstream.ts'
import {
  JIAYOU_JWT,
  JIAYOU_KEY,
  JIAYOU_SECRET,
  startJiayouSimulator,
  type JiayouSimulator,
} from '../../upstreams/jiayou.ts'

const CREDENTIAL = { key: JIAYOU_KEY, secret: JIAYOU_SECRET, jwt: JIAYOU_JWT }
const URL = 'https://hs.example.com/v1/webhooks/jiayou'

let simulator: JiayouSimulator
let folder: string
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tariffcell-webhooks-'))
  simulator = await startJiayouSimulator()
  await keep(CREDENTIAL)
})
afterEach(async () => {
  await simulator.close()
  rmSync(folder, { recursive: true })
})

async function withCredentials<Result>(
  work: (credentials: Awaited<ReturnType<typeof openAdmin>>['credentials']) => Promise<Result>,
): Promise<Result> {
  const admin = await openAdmin({ DATA_DIR: folder }, { mayCreate: true })
  try {
    return await work(admin.credentials)
  } finally {
    await admin.close()
  }
}

const keep = (credential: Credential): Promise<void> =>
  withCredentials((credentials) => credentials.set('', 'jiayou', credential, simulator.url))
const kept = async (): Promise<Credential> =>
  (await withCredentials((credentials) => credentials.read('', 'jiayou')))!.credential

async function admin(
  argv: readonly string[],
  {
    input = '',
    environment = { PUBLIC_URL: 'https://hs.example.com/' },
  }: { input?: string; environment?: object } = {},
): Promise<{ code: number; stdout: string; stderr: string }> {
  let [stdout, stderr] = ['', '']
  const code = await runAdmin(argv, {
    environment: { DATA_DIR: folder, ...environment },
    stdin: new PassThrough().end(input),
    stdout: { write: (text) => (stdout += text) },
    stderr: { write: (text) => (stderr += text) },
    loadUpstreams: () => Promise.resolve([jiayou]),
  })
  for (const secret of Object.values(await kept())) expect(stdout + stderr).not.toContain(secret)
  return { code, stdout, stderr }
}

const webhooks = (...argv: string[]): ReturnType<typeof admin> => admin(['webhooks', 'jiayou', ...argv])

describe('a webhook', () => {
  test('is made at our own address, and its secret is kept with the credential, encrypted', async () => {
    expect(await webhooks('create')).toMatchObject({ code: 0, stderr: '' })
    const [made] = simulator.webhooks
    expect(made).toMatchObject({ webhook_url: URL, status: 1 })
    expect(await kept()).toEqual({ ...CREDENTIAL, webhookSecret: made!.secret })
    for (const file of readdirSync(folder))
      expect(readFileSync(join(folder, file)).includes(made!.secret), file).toBe(false)
  })

  test('is listed, switched off and on, and removed', async () => {
    await webhooks('create')
    const listed = async (): Promise<unknown> => JSON.parse((await webhooks('list', '--json')).stdout)
    expect(await listed()).toEqual([{ id: 1, url: URL, enabled: true }])
    expect((await webhooks('toggle', '1', 'off')).code).toBe(0)
    expect(await listed()).toEqual([{ id: 1, url: URL, enabled: false }])
    expect((await webhooks('list')).stdout).toMatch(/^id +address +is *\n *1 +https:\/\/hs\.example\.com\S+ +off/)
    await webhooks('toggle', '1', 'on')
    expect(await listed()).toEqual([{ id: 1, url: URL, enabled: true }])
    expect((await webhooks('remove', '1')).code).toBe(0)
    expect(await listed()).toEqual([])
    expect((await webhooks('list')).stdout).toContain('webhooks jiayou create')
    expect((await webhooks('logs')).stdout).toBe('No calls yet.\n')
  })

  test('made anew is signed anew, and the secret before it still counts', async () => {
    await webhooks('create')
    await webhooks('create')
    const [first, second] = simulator.webhooks
    const credential = await kept()
    expect(credential).toEqual({ ...CREDENTIAL, webhookSecret: second!.secret, webhookSecretBefore: first!.secret })
    const connected = jiayou.connect({
      credential,
      baseUrl: simulator.url,
      now: Date.now,
      log: { warn: () => {} },
      onUsage: () => {},
    })
    const body = Buffer.from('{}')
    for (const { secret } of [first!, second!]) {
      const signature = `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`
      const headers = { 'x-webhook-signature': signature, 'x-webhook-timestamp': '1000' }
      // Verified: what is wrong is only what it says.
      expect(connected.webhooks!.verify(body, headers, 1_000_000)).toEqual({ ok: false, reason: 'unreadable' })
    }
    await connected.close()
  })

  test('that jiayou surely did not make leaves the secrets in use as they are', async () => {
    await webhooks('create')
    const before = await kept()
    simulator.fault({ kind: 'status', status: 400 }, 2)
    expect((await webhooks('create')).code).toBe(1)
    expect((await webhooks('create')).code).toBe(1)
    expect(await kept()).toEqual(before)
  })

  test('keeps its secret when a person puts the key in anew', async () => {
    await webhooks('create')
    const { webhookSecret } = await kept()
    const input = `key=${JIAYOU_KEY}\nsecret=${JIAYOU_SECRET}\n`
    expect(await admin(['credentials', 'set', 'jiayou'], { input })).toMatchObject({ code: 0, stderr: '' })
    expect(await kept()).toEqual({ key: JIAYOU_KEY, secret: JIAYOU_SECRET, webhookSecret })
  })
})

describe('a command that cannot be done says why', () => {
  test.each([
    ['no address of ours', ['create'], {}, /^TC-610 .*PUBLIC_URL/],
    ['an address that is not https', ['create'], { PUBLIC_URL: 'http://hs.example.com' }, /^TC-610 .*https/],
    ['a number that is none', ['remove', 'first'], {}, /^TC-610 .*number/],
    ['neither on nor off', ['toggle', '1', 'maybe'], {}, /^TC-610 .*on or off/],
    ['a webhook that is not there', ['remove', '7'], {}, /^TC-502 /],
  ])('%s', async (_, argv, environment, said) => {
    const { code, stdout, stderr } = await admin(['webhooks', 'jiayou', ...argv], { environment })
    expect([code, stdout]).toEqual([1, ''])
    expect(stderr).toMatch(said)
  })

  test('without a sign-in token, before anything is sent', async () => {
    await keep({ key: JIAYOU_KEY, secret: JIAYOU_SECRET })
    expect((await webhooks('create')).stderr).toMatch(/^TC-612 .*jwt/)
    expect(simulator.requests).toEqual([])
    expect(await kept()).not.toHaveProperty('webhookSecret')
  })

  test('without a credential', async () => {
    await withCredentials((credentials) => credentials.remove('', 'jiayou'))
    const { code, stderr } = await runWithout(['webhooks', 'jiayou', 'list'])
    expect([code, stderr.slice(0, 6)]).toEqual([1, 'TC-613'])
  })

  async function runWithout(argv: readonly string[]): Promise<{ code: number; stderr: string }> {
    let stderr = ''
    const code = await runAdmin(argv, {
      environment: { DATA_DIR: folder },
      stdin: new PassThrough().end(),
      stdout: { write: () => {} },
      stderr: { write: (text) => (stderr += text) },
      loadUpstreams: () => Promise.resolve([jiayou]),
    })
    return { code, stderr }
  }
})
