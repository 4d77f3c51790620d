/** `npm run demo` as a newcomer has it: a process of its own, everything over HTTP and by the commands it prints. */
import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import sharp from 'sharp'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { parseFormula, type Call } from '../proxy/admin/parse-formula.ts'
import { sampleWorkbook } from '../proxy/playground/sample-workbook.ts'
import { rootFolder } from '../proxy/root-folder.ts'
import type { Answer } from '../shared/protocol.ts'
import { collect, runProgram, spawnSource } from './hosts/proxy-process.ts'

const run = promisify(execFile)
const DEMO = 'test/upstreams/demo.ts'
const START_POINTS = 100
const JIAYOU_POINTS = 500
const STARTED_WITHIN_MS = 30_000

let temporary: string
let demo: ReturnType<typeof spawnSource>
let stdout: () => string
let stderr: () => string
let url: string
let token: string
/** Points the answers said they cost, by provider. */
const paid = new Map<string, number>()

beforeAll(async () => {
  await run('npm', ['run', '-s', 'build'], { cwd: rootFolder() })
  temporary = mkdtempSync(join(tmpdir(), 'tariffcell-demo-test-'))
  demo = spawnSource(DEMO, [], environment('0'))
  ;({ stdout, stderr } = collect(demo))
  await vi.waitFor(() => expect(stdout() + stderr()).toContain('runs until SIGINT'), STARTED_WITHIN_MS)
  const [, origin = '', code = ''] = /(http:\/\/\S+)\/\?code=(\S+)/.exec(stdout())!
  url = origin
  const reply = await post('/v1/session', { code })
  ;({ token } = reply as { token: string })
}, 120_000)
afterAll(async () => {
  if (demo.exitCode === null) demo.kill('SIGTERM')
  if (demo.exitCode === null) await once(demo, 'exit')
  rmSync(temporary, { recursive: true, force: true })
}, 60_000)

function environment(port: string): Record<string, string> {
  return { PORT: port, TMPDIR: temporary }
}

function demoFolders(): string[] {
  return readdirSync(temporary).filter((name) => name.startsWith('tariffcell-demo-'))
}

async function post(path: string, body: object): Promise<unknown> {
  const response = await fetch(`${url}${path}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...(token ? { Authorization: `Bearer ${token}` } : {}) },
    body: JSON.stringify(body),
  })
  return response.json()
}

async function ask(...formulas: [fn: string, ...args: string[]][]): Promise<Answer[]> {
  const questions = formulas.map(([fn, ...args], at) => ({ id: String(at), fn, args }))
  const { answers } = (await post('/v1/answers', { questions })) as { answers: Answer[] }
  for (const { points, source } of answers) note(points, source?.provider)
  return answers
}

function note(points: number, provider: string | undefined): void {
  if (points > 0) paid.set(provider!, (paid.get(provider!) ?? 0) + points)
}

async function balance(): Promise<number> {
  const response = await fetch(`${url}/v1/points`, { headers: { Authorization: `Bearer ${token}` } })
  return ((await response.json()) as { balance: number }).balance
}

/** Runs a command the demo printed, as a person would paste it. */
async function paste(command: RegExp, more = ''): Promise<string> {
  const line = stdout()
    .split('\n')
    .find((text) => command.test(text))!
  return (await run('sh', ['-c', `${line}${more}`], { cwd: rootFolder() })).stdout
}

test('a code for Canada is bought from jiayou for a point, and its cells say so', async () => {
  const shirt = "men's cotton t-shirt, knitted"
  const [code] = await ask(['HSCODE', shirt])
  expect(code).toMatchObject({ value: '6109100012', points: 1, source: { provider: 'jiayou' } })
  const [alternatives, provider, points] = await ask(
    ['HSALT', shirt, 'CA', 'n=3'],
    ['HSINFO', shirt, 'provider'],
    ['HSINFO', shirt, 'points'],
  )
  expect(alternatives!.table![0]).toMatchObject([1, '6109100012', expect.any(String), '', 'jiayou'])
  expect(alternatives!.table!.slice(1).map((row) => row.at(-1))).toEqual(['embedded', 'embedded'])
  expect([provider!.value, points!.value]).toEqual(['jiayou', 1])
  expect(await balance()).toBe(START_POINTS - 1)
})

test('the other upstreams are asked for what is theirs', async () => {
  const [code, trade, examples] = await ask(
    ['HSCODE', 'bicycle', 'CN'],
    ['HSTRADE', '610910'],
    ['HSEXAMPLES', '手机壳'],
  )
  expect(code).toMatchObject({ value: '8712002000', source: { provider: 'hsciq' } })
  expect(trade).toMatchObject({ points: 1, source: { provider: 'tradewind' } })
  expect(trade!.table!.length).toBeGreaterThan(5)
  expect(examples!.table![0]![0]).toBe('手机壳')
  const picture = await sharp({ create: { width: 64, height: 64, channels: 3, background: '#1f6f63' } })
    .jpeg()
    .toBuffer()
  const seen = (await post('/v1/images', { image: picture.toString('base64') })) as Answer
  expect(seen).toMatchObject({ points: 1, source: { provider: 'juhe' } })
  expect(seen.table!.length).toBeGreaterThan(0)
  note(seen.points, seen.source!.provider)
  const [six] = await ask(['HSCODE', 'garden hose', 'CA', 'provider=glopal'])
  expect(six).toMatchObject({ points: 1, source: { provider: 'glopal' } })
})

test('every table on the sheet of upstreams fits between the examples', async () => {
  const rows = Object.entries(sampleWorkbook('en').sheets!.upstreams!.cellData!)
  const examples = rows.flatMap(([row, cells]) => {
    const formula = cells[2]?.f as string | undefined
    return formula ? [{ row: Number(row), formula }] : []
  })
  // What stands in a cell, in the place of the cell; but no test fetches a picture from the network.
  const given = (cell: string): string => String(rows[Number(cell.slice(1)) - 1]![1][2]!.v)
  const valueOf = (cell: string): string =>
    cell === 'A2' ? "men's cotton t-shirt, knitted" : given(cell).replace('example.com', '127.0.0.1')
  const asked = examples.map(({ formula }) => {
    const text = formula.replaceAll(/(?:Products!)?\b([AC]\d+)\b/g, (_, cell: string) => `"${valueOf(cell)}"`)
    const { fn, args } = parseFormula(text) as Call
    return [fn, ...args.map(String)] as [string, ...string[]]
  })
  const answers = await ask(...asked)
  // The proxy fetches nothing from its own machine, and nobody has asked an expert.
  expect(answers.flatMap(({ error }) => error?.code ?? [])).toEqual(['TC-141', 'TC-234'])
  answers.forEach(({ table }, at) => {
    const below = rows.map(([row]) => Number(row)).find((row) => row > examples[at]!.row && hasCells(rows[row]![1]))
    expect(examples[at]!.row + (table?.length ?? 1), examples[at]!.formula).toBeLessThanOrEqual(below ?? Infinity)
  })
})

function hasCells(cells: object): boolean {
  return Object.keys(cells).length > 0
}

test('without points a cell says TC-402, and the printed command mends it', { timeout: 60_000 }, async () => {
  const left = await balance()
  const drained = await ask(
    ...Array.from({ length: left }, (_, at): [string, string] => ['HSCODE', `steel bolt ${at}`]),
  )
  expect(drained.filter(({ error }) => error)).toEqual([])
  expect(await balance()).toBe(0)
  const [refused] = await ask(['HSCODE', 'wooden spoon'])
  expect(refused!.error).toMatchObject({ code: 'TC-402', retryable: true })
  expect(await paste(/ grant 50 /)).toContain('It has 50 points to spend')
  const [answered] = await ask(['HSCODE', 'wooden spoon'])
  expect(answered).toMatchObject({ points: 1, source: { provider: 'jiayou' } })
})

test('both books are equal: what the workspace paid and what the upstreams took', { timeout: 60_000 }, async () => {
  const usage = JSON.parse(await paste(/ usage$/, ' --json')) as { upstream: string; items: number }[]
  const boughtFrom = paid.get('jiayou')!
  expect(usage.find(({ upstream }) => upstream === 'jiayou')).toMatchObject({
    items: boughtFrom,
    charged: boughtFrom,
    lost: 0,
    balance: JIAYOU_POINTS - boughtFrom,
  })
  expect(usage.map(({ upstream }) => upstream).sort()).toEqual(['glopal', 'hsciq', 'jiayou', 'juhe', 'tradewind'])
  const spent = [...paid.values()].reduce((sum, points) => sum + points, 0)
  expect(await balance()).toBe(START_POINTS + 50 - spent)
})

test('a line is printed for what happens, and no token ever', async () => {
  await expect.poll(stdout, { timeout: 10_000 }).toContain('your workspace got 50 points')
  expect(stdout()).toMatch(/jiayou got \d+ calls? .* took \d+ of its own points; \d+ left there/)
  expect(stdout()).toMatch(/your workspace paid \d+ points?; \d+ left/)
  expect(stdout() + stderr()).not.toMatch(/tc_|sk_/)
  expect(stdout() + stderr()).not.toContain(token)
})

test('a port that is taken is said in a sentence, and leaves nothing behind', async () => {
  const before = demoFolders()
  const second = await runProgram(DEMO, [], environment(new URL(url).port))
  expect(second.code).toBe(1)
  expect(second.stderr).toMatch(/^TC-604 Port \d+ is already in use.*\n$/)
  expect(demoFolders()).toEqual(before)
})

test('a folder with something else in it is left alone', async () => {
  const folder = mkdtempSync(join(temporary, 'mine-'))
  writeFileSync(join(folder, 'tariffcell.sqlite'), 'mine')
  const refused = await runProgram(DEMO, ['--keep', folder], environment('0'))
  expect(refused.code).toBe(1)
  expect(refused.stderr).toContain('Name another folder')
  expect(readdirSync(folder)).toEqual(['tariffcell.sqlite'])
})

test('SIGTERM ends it and all it started, and removes its folder', { timeout: 60_000 }, async () => {
  const folder = /DATA_DIR=(\S+)/.exec(stdout())![1]!
  const addresses = [...stdout().matchAll(/http:\/\/127\.0\.0\.1:\d+/g)].map(([address]) => address)
  expect(existsSync(folder)).toBe(true)
  expect(new Set(addresses).size).toBe(6)
  demo.kill('SIGTERM')
  await once(demo, 'exit')
  expect(demo.exitCode).toBe(0)
  expect(existsSync(folder)).toBe(false)
  for (const address of addresses) await expect(fetch(address)).rejects.toThrow('fetch failed')
})
