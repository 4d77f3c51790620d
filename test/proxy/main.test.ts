import { spawn } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { rootFolder } from '../../proxy/root-folder.ts'
import type { Answer } from '../../shared/protocol.ts'
import {
  collect,
  runProgram,
  runSource,
  startProxyProcess,
  temporaryFolder,
  type ProxyProcess,
} from '../hosts/proxy-process.ts'

let data: ReturnType<typeof temporaryFolder>
const running: ProxyProcess[] = []

beforeEach(() => {
  data = temporaryFolder()
})
afterEach(async () => {
  for (const proxy of running.splice(0)) await proxy.stop('SIGKILL')
  data.remove()
})

async function start(environment: Record<string, string> = {}): Promise<ProxyProcess> {
  const proxy = await startProxyProcess(data.folder, environment)
  running.push(proxy)
  return proxy
}

async function ask(proxy: ProxyProcess, token: string, ...formulas: [string, ...string[]][]): Promise<unknown[]> {
  const response = await fetch(`${proxy.url}/v1/answers`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${token}` },
    body: JSON.stringify({ questions: formulas.map(([fn, ...args], at) => ({ id: String(at), fn, args })) }),
  })
  const { answers } = (await response.json()) as { answers: Answer[] }
  return answers.map((answer) => answer.value ?? answer.error?.message)
}

describe('npm start', () => {
  test('prints an owner token once and a link that works once, and answers offline', async () => {
    const first = await start()
    expect(first.ownerToken).toMatch(/^tc_/)
    const connect = () =>
      fetch(`${first.url}/v1/session`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ code: first.connectionCode }),
      })
    const { token } = (await (await connect()).json()) as { token: string }
    expect((await connect()).status).toBe(404)
    expect(
      await ask(first, token, ['HSCODE', "men's cotton t-shirt, knitted"], ['HSRATE', '6109100012', 'CA']),
    ).toEqual(['610910', 0.18])
    expect(await first.stop()).toBe(0)

    const second = await start()
    expect(second.ownerToken).toBeNull()
    expect(second.connectionCode).not.toBe(first.connectionCode)
    expect(await ask(second, token, ['HSRATE', '610910', 'US'])).toEqual([0.165])
  })

  test('stops with the npm that started it, and lets go of its folder', { timeout: 240_000 }, async () => {
    const npm = spawn('npm', ['start'], {
      cwd: rootFolder(),
      env: { PATH: process.env.PATH, HOME: process.env.HOME, PORT: '0', DATA_DIR: data.folder },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const { stdout } = collect(npm)
    // It builds first.
    await expect.poll(stdout, { timeout: 200_000 }).toContain('Tariffs:')
    const url = /listens on (\S+)/.exec(stdout())![1]!
    expect((await fetch(`${url}/`)).headers.get('content-security-policy')).toContain("script-src 'self'")
    npm.kill('SIGTERM')
    const isUp = () =>
      fetch(`${url}/healthz`).then(
        (response) => response.ok,
        () => false,
      )
    await expect.poll(isUp, { timeout: 10_000 }).toBe(false)
    await (await start()).stop()
  })

  test('keeps its folder to its owner, and no token in it or in its log', async () => {
    const proxy = await start({ LOG_LEVEL: 'trace' })
    await ask(proxy, proxy.ownerToken!, ['HSCODE', 'confidential prototype'])
    await ask(proxy, 'tc_wrong_token', ['HSCODE', 'x']).catch(() => null)
    await proxy.stop()
    for (const name of readdirSync(data.folder)) {
      expect(readFileSync(join(data.folder, name)).includes(proxy.ownerToken!), name).toBe(false)
    }
    expect(statSync(data.folder).mode & 0o007).not.toBe(0o007)
    // There from the first start on, for whoever copies it.
    expect(statSync(join(data.folder, 'master.key')).mode & 0o077).toBe(0)
    expect(proxy.stderr()).not.toMatch(/tc_|confidential/)
  })

  test('killed in the middle, it comes back with what was acknowledged', async () => {
    const proxy = await start()
    const code = (await (
      await fetch(`${proxy.url}/v1/session/codes`, {
        method: 'POST',
        headers: { Authorization: `Bearer ${proxy.ownerToken}` },
      })
    ).json()) as { code: string }
    await proxy.stop('SIGKILL')
    const again = await start()
    const connected = await fetch(`${again.url}/v1/session`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ code: code.code }),
    })
    expect(connected.status).toBe(201)
    expect(await ask(again, proxy.ownerToken!, ['HSRATE', '610910', 'CA'])).toEqual([0.18])
  })
})

describe('what cannot start says why, in one coded sentence, and loses nothing', () => {
  test('a second process on the same data folder', async () => {
    const proxy = await start()
    await expect(start()).rejects.toThrow('TC-601 Another Tariffcell proxy already uses the data folder')
    expect(await ask(proxy, proxy.ownerToken!, ['HSRATE', '610910', 'CA'])).toEqual([0.18])
  })

  test('a port that is taken', async () => {
    const proxy = await start()
    const other = temporaryFolder()
    const { port } = new URL(proxy.url)
    await expect(startProxyProcess(other.folder, { PORT: port })).rejects.toThrow(
      `TC-604 Port ${port} is already in use`,
    )
    other.remove()
  })

  test('an address that is not of this machine', async () => {
    await expect(start({ HOST: '203.0.113.7' })).rejects.toThrow('TC-603 The setting HOST is not valid: cannot listen')
  })

  test('an empty setting is none: HOST= listens on this machine only', async () => {
    expect((await start({ HOST: '', LOG_LEVEL: '' })).url).toMatch(/^http:\/\/127\.0\.0\.1:/)
  })

  test('behind a public address it says where it listens itself, and leads people to the other', async () => {
    const proxy = await start({ PUBLIC_URL: 'https://hs.example.com' })
    expect(proxy.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
    expect((await fetch(`${proxy.url}/healthz`)).status).toBe(200)
    expect(proxy.stdout()).toContain('It is reached at https://hs.example.com\n')
    expect(proxy.stdout()).toMatch(/works once\): https:\/\/hs\.example\.com\/\?code=/)
  })

  test('a lock that cannot be opened', async () => {
    mkdirSync(join(data.folder, 'proxy.lock'))
    await expect(start()).rejects.toThrow('TC-602')
  })

  test.each([
    ['PORT', 'http'],
    ['PUBLIC_URL', 'hs.example.com'],
    ['LOG_LEVEL', 'loud'],
    ['REQUESTS_PER_MINUTE', '0'],
    ['ALLOWED_ORIGINS', 'https://a.example/path'],
    ['ROUTING', 'classify.CA=someone'],
    ['MASTER_KEY', 'too short'],
  ])('a setting %s=%s', async (name, value) => {
    await expect(start({ [name]: value })).rejects.toThrow(`TC-603 The setting ${name} is not valid`)
  })

  test('a data folder that is a file', async () => {
    writeFileSync(join(data.folder, 'file'), '')
    await expect(startProxyProcess(join(data.folder, 'file'))).rejects.toThrow('TC-602')
  })

  test('a data folder where none can be made', async () => {
    // Where nothing can be made Node's own recursive mkdir tries for ever.
    const folder = process.platform === 'linux' ? '/proc/tariffcell' : join(data.folder, 'no\0where')
    await expect(startProxyProcess(folder)).rejects.toThrow(/TC-602|null bytes/)
  })

  test('a database that is none, which is left as it was', async () => {
    writeFileSync(
      join(data.folder, 'tariffcell.sqlite'),
      'this is not a database, but somebody may want it back'.repeat(50),
    )
    await expect(start()).rejects.toThrow('TC-606')
    expect(readFileSync(join(data.folder, 'tariffcell.sqlite'), 'utf8')).toContain('somebody may want it back')
  })
})

test('a damaged tariff of the site takes that country down and no other', async () => {
  mkdirSync(join(data.folder, 'packs'))
  const china = readdirSync(join(rootFolder(), 'proxy', 'tariff', 'packs')).find((name) => name.startsWith('cn-'))!
  writeFileSync(join(data.folder, 'packs', china), 'broken')
  const proxy = await start()
  expect(proxy.stdout()).toContain('CN damaged')
  const [canada, chinese] = await ask(proxy, proxy.ownerToken!, ['HSRATE', '610910', 'CA'], ['HSRATE', '610910', 'CN'])
  expect(canada).toBe(0.18)
  expect(chinese).toMatch(/^TC-217/)
})

describe('npm run answer', () => {
  // From its sources, as the script has it.
  const run = (input: string) => runSource('proxy/admin/answer.ts', [], { DATA_DIR: data.folder }, input)

  test('answers a question a line in the same order, bad lines in their place', async () => {
    const lines = [
      '{"id":"a","fn":"HSRATE","args":["6109100012","CA"]}',
      'not json',
      '{"id":"c","fn":"HSCODE","args":["spare parts"]}',
      '{"id":"a","fn":"HSRATETEXT","args":["0406102000","CA"]}',
      '{"id":"e","question":"?"}',
    ]
    const { code, stdout, stderr } = await run(lines.join('\r\n'))
    const answers = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Answer)
    expect(code).toBe(0)
    expect(answers.map((answer) => answer.id)).toEqual(['a', 'line 2', 'c', 'a', 'e'])
    expect(answers.map((answer) => answer.value ?? answer.error?.code)).toEqual([
      0.18,
      'TC-608',
      'TC-201',
      '245.5 % but not less than $4.52/kg',
      'TC-608',
    ])
    expect(stderr).toContain('5 questions: 2 answered; TC-608 2, TC-201 1')
  })

  test('a file without a single question is refused with exit code 1', async () => {
    const { code, stdout, stderr } = await run('description,country\n')
    expect(code).toBe(1)
    expect(JSON.parse(stdout)).toMatchObject({ id: 'line 1', error: { code: 'TC-608' } })
    expect(stderr).toContain('1 question: 0 answered; TC-608 1')
  })

  test('answers nothing when it is asked nothing', async () => {
    expect(await runProgram('proxy/admin/answer.ts', [], { DATA_DIR: data.folder })).toMatchObject({
      code: 0,
      stdout: '',
    })
  })
})

describe('npm run cell', () => {
  const environment = () => ({ DATA_DIR: data.folder })
  const run = (formula: string) => runProgram('proxy/admin/cell.ts', [formula], environment())

  test('prints the value, or the error and exits with 1', async () => {
    // From its sources, as the script has it.
    const value = await runSource('proxy/admin/cell.ts', ['=HSRATE("6109100012","CA")'], environment())
    expect(value).toMatchObject({ code: 0, stdout: '0.18\n' })
    expect(await run('=HSRATE("6109109999","CA")')).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(/^TC-210/) as string,
    })
    expect(await run('=HSRATE(A2)')).toMatchObject({ code: 1, stderr: expect.stringMatching(/^TC-622 .*A2/) as string })
  })
})
