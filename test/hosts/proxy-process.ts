/** The proxy as `npm start` runs it, in a process of its own, on a free port and a data folder of its own. */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { rootFolder } from '../../proxy/root-folder.ts'
import { madeOnce } from './once-a-run.ts'
import type { Program } from './programs.ts'

export interface ProxyProcess {
  /** `http://127.0.0.1:port`, from what it printed. */
  url: string
  ownerToken: string | null
  connectionCode: string
  stdout: () => string
  stderr: () => string
  child: ChildProcess
  /** Sends a signal and waits for the end. @returns the exit code, null when killed. */
  stop(signal?: NodeJS.Signals): Promise<number | null>
}

const STARTED_WITHIN_MS = 60_000

export function temporaryFolder(): { folder: string; remove: () => void } {
  const folder = mkdtempSync(join(tmpdir(), 'tariffcell-data-'))
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) }
}

/** Runs a program from its sources through tsx, as the npm scripts do: for one test of each that it does. */
export function spawnSource(
  source: Program,
  args: readonly string[],
  environment: Record<string, string>,
): ChildProcess {
  return spawnNode(['--import', 'tsx', join(rootFolder(), source), ...args], environment)
}

/** Runs a program from the bundle of this run, for all the others. */
export async function spawnProgram(
  source: Program,
  args: readonly string[],
  environment: Record<string, string>,
): Promise<ChildProcess> {
  const built = join(await madeOnce('programs'), source.replace(/\.ts$/, '.js'))
  return spawnNode([built, ...args], environment)
}

function spawnNode(args: readonly string[], environment: Record<string, string>): ChildProcess {
  return spawn(process.execPath, args, {
    cwd: rootFolder(),
    env: { PATH: process.env.PATH, ...environment },
    stdio: ['pipe', 'pipe', 'pipe'],
  })
}

export function collect(child: ChildProcess): { stdout: () => string; stderr: () => string } {
  let out = ''
  let err = ''
  child.stdout?.on('data', (data: Buffer) => {
    out += data.toString()
  })
  child.stderr?.on('data', (data: Buffer) => {
    err += data.toString()
  })
  return { stdout: () => out, stderr: () => err }
}

export interface Outcome {
  code: number | null
  stdout: string
  stderr: string
}

/** Runs a command line to its end, from its sources as the npm scripts do. */
export function runSource(
  source: Program,
  args: readonly string[],
  environment: Record<string, string>,
  input = '',
): Promise<Outcome> {
  return outcomeOf(spawnSource(source, args, environment), input)
}

/** Runs a command line to its end, from the bundle of this run. */
export async function runProgram(
  source: Program,
  args: readonly string[],
  environment: Record<string, string>,
  input = '',
): Promise<Outcome> {
  return outcomeOf(await spawnProgram(source, args, environment), input)
}

async function outcomeOf(child: ChildProcess, input: string): Promise<Outcome> {
  const output = collect(child)
  child.stdin?.end(input)
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, stdout: output.stdout(), stderr: output.stderr() }
}

/** @throws with what the process printed when it ends or stays silent instead of listening. */
export async function startProxyProcess(
  folder: string,
  environment: Record<string, string> = {},
  args: readonly string[] = [],
): Promise<ProxyProcess> {
  const child = await spawnProgram('proxy/main.ts', args, {
    PORT: '0',
    DATA_DIR: folder,
    LOG_LEVEL: 'warn',
    ...environment,
  })
  const { stdout, stderr } = collect(child)
  const ended = once(child, 'exit')
  const greeted = new Promise<void>((resolve) => {
    child.stdout?.on('data', () => {
      if (stdout().includes('Tariffs:')) resolve()
    })
  })
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, STARTED_WITHIN_MS)
  })
  await Promise.race([greeted, ended, late])
  clearTimeout(timer)
  const url = /listens on (\S+)/.exec(stdout())?.[1]
  const connectionCode = /\?code=([A-Z0-9-]+)/.exec(stdout())?.[1]
  if (!url || !connectionCode) {
    child.kill('SIGKILL')
    throw new Error(`the proxy did not start: ${stderr()}${stdout()}`)
  }
  return {
    url,
    ownerToken: /shown this once: (\S+)/.exec(stdout())?.[1] ?? null,
    connectionCode,
    stdout,
    stderr,
    child,
    async stop(signal = 'SIGTERM') {
      if (child.exitCode === null && child.signalCode === null) {
        child.kill(signal)
        await ended
      }
      return child.exitCode
    },
  }
}
