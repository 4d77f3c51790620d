/**
 * `npm run demo`: the proxy, connected to five simulated upstreams, with points to spend. Everything runs on this machine and is gone
 * at the end, unless `--keep <folder>` keeps the data.
 */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { Readable } from 'node:stream'
import { setInterval as every } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { openAdmin } from '../../proxy/admin/open-admin.ts'
import { runAdmin } from '../../proxy/admin/run-admin.ts'
import { UPSTREAMS } from '../../proxy/providers/upstreams.ts'
import { DemoError, startDemoProxy, type DemoProxy } from './demo-proxy.ts'
import { startDemoUpstreams, type DemoUpstreams, type JiayouSwitches } from './demo-upstreams.ts'
import { createWatch } from './demo-watch.ts'

const USAGE = `Usage: npm run demo [-- --keep <folder>]     PORT=3001 npm run demo for another port than 3000\n`
const START_POINTS = 100
const MORE_POINTS = 50
const LOOK_EVERY_MS = 2000
const FAILS_FOR_MS = 15_000
const ORPHAN_CHECK_EVERY_MS = 500
// Whatever else lies in a folder with this file is the demo's.
const MARK = 'made-by-the-demo.txt'

const KEYS = `Keys: f  jiayou fails for ${FAILS_FOR_MS / 1000} s        k  jiayou refuses the key, or takes it again
      p  jiayou's own points are used up, or recharged        g  ${MORE_POINTS} points more for your workspace        q  quit
Where jiayou fails, glopal answers with six digits; a cell with "provider=jiayou" shows how jiayou failed.`

const atEnd: (() => unknown)[] = []
const stopping = new AbortController()
process.exitCode = await main()

async function main(): Promise<number> {
  // Whoever reads the output may go away before the demo does.
  process.stdout.on('error', () => undefined)
  stopOnSignal()
  try {
    await run(readArguments())
    return 0
  } catch (error) {
    if (!(error instanceof DemoError)) throw error
    process.stderr.write(`${error.message}\n`)
    return 1
  } finally {
    while (atEnd.length > 0) await atEnd.pop()!()
  }
}

async function run({ keep }: { keep: string | undefined }): Promise<void> {
  const folder = openFolder(keep)
  const upstreams = await startDemoUpstreams()
  atEnd.push(() => upstreams.close())
  for (const { name, url, credential } of upstreams.all) {
    const lines = Object.entries(credential).map(([field, value]) => `${field}=${value}\n`)
    await admin(folder, ['credentials', 'set', name, '--url', url], lines.join(''))
  }
  const proxy = await startDemoProxy(folder, process.env.PORT ?? '')
  atEnd.push(() => proxy.stop())
  process.on('exit', () => proxy.kill())
  const gone = proxy.ended.then(() => {
    const isOurDoing = stopping.signal.aborted
    stopping.abort()
    if (!isOurDoing) throw new DemoError('The proxy ended by itself.')
  })
  // Told below; it may come before.
  gone.catch(() => undefined)
  // A folder that was kept has had points before: every start is a grant of its own.
  const grant = (points: number): Promise<void> =>
    admin(folder, ['grant', String(points), '--ref', `demo ${new Date().toISOString()}`])
  await grant(START_POINTS)

  const house = await openAdmin({ DATA_DIR: folder }, { mayCreate: false })
  atEnd.push(() => house.close())
  process.stdout.write(greeting(folder, proxy, upstreams))
  const look = createWatch({ upstreams: upstreams.all, database: house.database, say })
  if (process.stdin.isTTY) listenToKeys(upstreams.jiayou, grant)
  await look()
  await Promise.race([keepLooking(look), gone])
  say('stopping')
}

async function keepLooking(look: () => Promise<void>): Promise<void> {
  try {
    for await (const _ of every(LOOK_EVERY_MS, null, { signal: stopping.signal })) await look()
  } catch (error) {
    if (!stopping.signal.aborted) throw error
  }
}

function readArguments(): { keep: string | undefined } {
  try {
    const { values } = parseArgs({ options: { keep: { type: 'string' } } })
    return { keep: values.keep }
  } catch (cause) {
    throw new DemoError(USAGE.trim(), { cause })
  }
}

/** @throws {DemoError} for a folder with something else in it: a real proxy's credentials would be written over. */
function openFolder(keep: string | undefined): string {
  if (keep === undefined) {
    const folder = mkdtempSync(join(tmpdir(), 'tariffcell-demo-'))
    const remove = (): void => rmSync(folder, { recursive: true, force: true })
    atEnd.push(remove)
    process.on('exit', remove)
    return folder
  }
  const folder = resolve(keep)
  if (existsSync(folder) && readdirSync(folder).length > 0 && !existsSync(join(folder, MARK))) {
    throw new DemoError(`${folder} holds something that is not the demo's. Name another folder, or an empty one.`)
  }
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  writeFileSync(join(folder, MARK), 'Data of npm run demo: simulated upstreams, points worth nothing.\n')
  return folder
}

/** What `npm run admin` does, by its own code. */
async function admin(folder: string, command: readonly string[], input = ''): Promise<void> {
  let said = ''
  const screen = { write: (text: string) => (said += text) }
  const exitCode = await runAdmin(command, {
    environment: { DATA_DIR: folder },
    stdin: Readable.from([input]),
    stdout: screen,
    stderr: screen,
    loadUpstreams: () => Promise.resolve(UPSTREAMS),
  })
  if (exitCode !== 0) throw new DemoError(said.trim())
}

function greeting(folder: string, { link, url }: DemoProxy, { all }: DemoUpstreams): string {
  const command = `DATA_DIR=${/^[\w/.:-]+$/.test(folder) ? folder : `'${folder}'`} npm run -s admin --`
  return `
Tariffcell with five simulated upstreams: no account anywhere, points worth nothing, and answers that are mostly made up.

Open the playground (this link works once): ${link}
Its sheet "Upstreams" asks each of them; HSCODE for Canada, on every sheet, is jiayou's, which gives
no scores: HSCONF says so. A cell that failed is asked again when you edit it or press "Try again" above the cells.

${all.map(({ name, url: address, about }) => `  ${name.padEnd(10)} ${address}  ${about}`).join('\n')}

Your workspace was given ${START_POINTS} points; a look-up costs one, and opening the playground spends some on its sheets.
What was paid for is remembered. From another terminal, in this folder:

  ${command} usage
  ${command} workspaces
  ${command} grant ${MORE_POINTS} --ref "any words, new ones each time"
  ${command} code

HSIMAGE takes the address of a picture on the public internet: the proxy fetches nothing from this machine, by design.
POST ${url}/v1/images takes {"image": "<base64>"}.

${process.stdin.isTTY ? KEYS : 'It runs until SIGINT or SIGTERM.'}

`
}

function listenToKeys(jiayou: JiayouSwitches, grant: (points: number) => Promise<void>): void {
  const { stdin } = process
  stdin.setRawMode(true)
  atEnd.push(() => {
    stdin.setRawMode(false)
    stdin.pause()
  })
  stdin.on('data', (data: Buffer) => {
    for (const key of data.toString()) press(key, jiayou, grant)
  })
}

function press(key: string, jiayou: JiayouSwitches, grant: (points: number) => Promise<void>): void {
  switch (key) {
    case 'f':
      jiayou.failsUntil(Date.now() + FAILS_FOR_MS)
      return say(`jiayou fails for ${FAILS_FOR_MS / 1000} s`)
    case 'k':
      return say(jiayou.toggleKey() ? 'jiayou refuses the key, until you press k again' : 'jiayou takes the key again')
    case 'p':
      return say(jiayou.togglePoints() > 0 ? "jiayou's own points are recharged" : "jiayou's own points are used up")
    case 'g':
      grant(MORE_POINTS).catch((error: unknown) => say(String(error)))
      return
    case 'q':
    // Ctrl+C, which a terminal in raw mode hands over as a letter.
    case '\u0003':
      stopping.abort()
  }
}

function stopOnSignal(): void {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stopping.abort())
  // npm passes a SIGTERM to its shell and no further.
  if (process.env.npm_lifecycle_event !== 'demo') return
  const parent = process.ppid
  const watch = setInterval(() => {
    if (process.ppid !== parent) stopping.abort()
  }, ORPHAN_CHECK_EVERY_MS)
  watch.unref()
}

function say(line: string): void {
  process.stdout.write(`${new Date().toTimeString().slice(0, 8)}  ${line}\n`)
}
