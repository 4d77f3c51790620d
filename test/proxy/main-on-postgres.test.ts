/** Several proxies as `npm start` runs them, on one PostgreSQL and one data folder. */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { runProgram, startProxyProcess, temporaryFolder, type ProxyProcess } from '../hosts/proxy-process.ts'
import { makePostgresDatabase } from '../hosts/test-database.ts'

// Whole processes, on a machine that has other things to do.
vi.setConfig({ testTimeout: 120_000 })

let data: ReturnType<typeof temporaryFolder>
let url: string
const running: ProxyProcess[] = []

beforeEach(async () => {
  data = temporaryFolder()
  url = (await makePostgresDatabase()).url
})
afterEach(async () => {
  for (const proxy of running.splice(0)) await proxy.stop('SIGKILL')
  data.remove()
})

async function start(): Promise<ProxyProcess> {
  const proxy = await startProxyProcess(data.folder, { DATABASE_URL: url })
  running.push(proxy)
  return proxy
}

describe('proxies on one PostgreSQL', () => {
  test('start at once: one makes the workspace, and its token is good at each of them', async () => {
    const proxies = await Promise.all([start(), start(), start()])
    const tokens = proxies.flatMap(({ ownerToken }) => ownerToken ?? [])
    expect(tokens).toHaveLength(1)
    for (const proxy of proxies) {
      const session = await fetch(`${proxy.url}/v1/session`, { headers: { Authorization: `Bearer ${tokens[0]}` } })
      expect(session.status).toBe(200)
    }
    const listed = await runProgram('proxy/admin/admin.ts', ['workspaces', '--json'], {
      DATA_DIR: data.folder,
      DATABASE_URL: url,
    })
    expect(JSON.parse(listed.stdout)).toHaveLength(1)
  })
})

test('a proxy whose database is out of reach ends with one coded sentence and without the password', async () => {
  const nowhere = new URL(url)
  nowhere.port = '1'
  const { code, stdout, stderr } = await runProgram('proxy/main.ts', [], {
    PORT: '0',
    DATA_DIR: data.folder,
    DATABASE_URL: nowhere.href,
  })
  expect([code, stdout]).toEqual([1, ''])
  expect(stderr).toMatch(
    /^TC-615 The database at DATABASE_URL cannot be used: 127\.0\.0\.1:1\/\w+: .*ECONNREFUSED.*\n$/,
  )
  expect(stderr).not.toContain(nowhere.password)
})
