import { spawn } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { rootFolder } from '../../proxy/root-folder.ts'
import type { Answer } from '../../shared/protocol.ts'
import { askProxy, proxiesOfTest } from '../hosts/proxies-of-test.ts'
import { collect, runProgram, runSource } from '../hosts/proxy-process.ts'

const data = proxiesOfTest()
const { start } = data

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
      await askProxy(first, token, ['HSCODE', "men's cotton t-shirt, knitted"], ['HSRATE', '6109100012', 'CA']),
    ).toEqual(['610910', 0.18])
    expect(await first.stop()).toBe(0)

    const second = await start()
    expect(second.ownerToken).toBeNull()
    expect(second.connectionCode).not.toBe(first.connectionCode)
    expect(await askProxy(second, token, ['HSRATE', '610910', 'US'])).toEqual([0.165])
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
    await askProxy(proxy, proxy.ownerToken!, ['HSCODE', 'confidential prototype'])
    await askProxy(proxy, 'tc_wrong_token', ['HSCODE', 'x']).catch(() => null)
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
    expect(await askProxy(again, proxy.ownerToken!, ['HSRATE', '610910', 'CA'])).toEqual([0.18])
  })
})

test('a damaged tariff of the site takes that country down and no other', async () => {
  mkdirSync(join(data.folder, 'packs'))
  const china = readdirSync(join(rootFolder(), 'proxy', 'tariff', 'packs')).find((name) => name.startsWith('cn-'))!
  writeFileSync(join(data.folder, 'packs', china), 'broken')
  const proxy = await start()
  expect(proxy.stdout()).toContain('CN damaged')
  const [canada, chinese] = await askProxy(
    proxy,
    proxy.ownerToken!,
    ['HSRATE', '610910', 'CA'],
    ['HSRATE', '610910', 'CN'],
  )
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
    expect(await run('=HSNOPE("6109")')).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^TC-111 There is no function HSNOPE\. (?!.*pane).*README\.md/) as string,
    })
  })
})
