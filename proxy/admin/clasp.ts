/**
 * Google's clasp, which takes files into an Apps Script project. It is a package of its own, installed when it is first needed: most
 * who run a proxy never push, and it is 277 MB.
 */
import { spawn, type StdioOptions } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import * as z from 'zod'
import { failure, FailureError, type Failure } from '../../shared/error-codes.ts'
import { parseJson } from '../../shared/parse-json.ts'

export interface Clasp {
  /** Where its package.json lies. */
  folder: string
  /** Ends what runs. */
  signal: AbortSignal
  print: (text: string) => void
}

/** clasp or npm ended with other than 0. */
export class ClaspError extends FailureError {
  readonly exitCode: number
  constructor(failed: Failure, exitCode: number) {
    super(failed)
    this.exitCode = exitCode
  }
}

const INSTALLED_WITHIN_MS = 600_000
const LISTED_WITHIN_MS = 60_000
const PUSHED_WITHIN_MS = 300_000
// A person reads what Google asks.
const LOGGED_IN_WITHIN_MS = 600_000

const fileStatus = z.object({ filesToPush: z.array(z.string()) })
const lockFile = z.object({ packages: z.record(z.string(), z.object({ version: z.string().optional() })) })

/** What `.clasp.json` is to clasp. */
export interface ClaspProject {
  folder: string
  /** As seen from the folder. */
  file: string
}

/** @returns what `push` would push: paths from the project's folder, sorted. @throws {FailureError} */
export async function listFilesToPush(clasp: Clasp, { folder, file }: ClaspProject): Promise<string[]> {
  const ended = await runClasp(clasp, ['show-file-status', '--json', '--project', file], {
    cwd: folder,
    timeoutMs: LISTED_WITHIN_MS,
  })
  const status = fileStatus.safeParse(parseJson(ended.stdout))
  if (ended.exitCode !== 0 || !status.success) throw claspFailed('show-file-status', ended)
  return status.data.filesToPush.sort()
}

/** @returns what clasp says of it. @throws {FailureError} */
export async function pushFiles(clasp: Clasp, { folder, file }: ClaspProject, scriptId: string): Promise<string> {
  const ended = await runClasp(clasp, ['push', '--force', '--project', file], {
    cwd: folder,
    timeoutMs: PUSHED_WITHIN_MS,
  })
  if (ended.exitCode !== 0) throw refusedByGoogle(scriptId, ended)
  return ended.stdout
}

/** At the terminal. @throws {FailureError} */
export async function logIn(clasp: Clasp, args: readonly string[]): Promise<void> {
  const ended = await runClasp(clasp, ['login', ...args], {
    cwd: clasp.folder,
    timeoutMs: LOGGED_IN_WITHIN_MS,
    stdio: ['inherit', 'inherit', 'pipe'],
  })
  if (ended.exitCode !== 0)
    throw new ClaspError(failure('google-login-failed', { detail: wordsOf(ended) }), ended.exitCode)
}

/** By the words of clasp and Google alone can it be told why. */
function refusedByGoogle(scriptId: string, ended: Ended): ClaspError {
  const refused = (failed: Failure): ClaspError => new ClaspError(failed, ended.exitCode)
  if (/No credentials found|invalid_grant|invalid_rapt/.test(ended.stderr))
    return refused(failure('google-login-needed'))
  if (/has not enabled the Apps Script API/.test(ended.stderr)) return refused(failure('apps-script-api-off'))
  if (/entity was not found|does not have permission/.test(ended.stderr))
    return refused(failure('script-not-found', { id: scriptId }))
  return claspFailed('push', ended)
}

function claspFailed(command: string, ended: Ended): ClaspError {
  return new ClaspError(failure('clasp-failed', { command, detail: wordsOf(ended) }), ended.exitCode)
}

/** Without a full stop: the sentence around it has one. */
function wordsOf({ exitCode, stderr, timeoutMs }: Ended): string {
  if (timeoutMs !== null) return `no end within ${timeoutMs / 1000} s`
  return stderr.trim().replace(/\.$/, '') || `exit code ${exitCode}`
}

async function runClasp(clasp: Clasp, args: readonly string[], running: Omit<Running, 'signal'>): Promise<Ended> {
  await install(clasp)
  const program = join(clasp.folder, 'node_modules', '@google', 'clasp', 'build', 'src', 'index.js')
  return run(process.execPath, [program, ...args], { ...running, signal: clasp.signal })
}

async function install({ folder, signal, print }: Clasp): Promise<void> {
  if (isInstalled(folder)) return
  print('Installing clasp, once: about a minute and 277 MB…\n')
  const ended = await run('npm', ['ci', '--loglevel=error'], { cwd: folder, timeoutMs: INSTALLED_WITHIN_MS, signal })
  if (ended.exitCode === 0) return
  const detail = ended.stderr.replaceAll(/^npm \S+ ?/gm, '').trim() || `exit code ${ended.exitCode}`
  throw new ClaspError(failure('clasp-not-installed', { detail }), ended.exitCode)
}

/** npm writes down last what it has installed. */
function isInstalled(folder: string): boolean {
  const installed = versionIn(join(folder, 'node_modules', '.package-lock.json'))
  return installed !== undefined && installed === versionIn(join(folder, 'package-lock.json'))
}

function versionIn(file: string): string | undefined {
  if (!existsSync(file)) return undefined
  const lock = lockFile.safeParse(parseJson(readFileSync(file, 'utf8')))
  return lock.data?.packages['node_modules/@google/clasp']?.version
}

interface Running {
  cwd: string
  timeoutMs: number
  signal: AbortSignal
  stdio?: StdioOptions
}

interface Ended {
  exitCode: number
  stdout: string
  stderr: string
  /** The time it was killed after; null: it ended by itself. */
  timeoutMs: number | null
}

/** Nobody is there to be asked unless `stdio` says so. @throws {Error} when `signal` has ended it. */
async function run(command: string, args: readonly string[], running: Running): Promise<Ended> {
  const { cwd, timeoutMs, signal, stdio = ['ignore', 'pipe', 'pipe'] } = running
  const child = spawn(command, args, {
    cwd,
    stdio,
    signal,
    timeout: timeoutMs,
    killSignal: 'SIGKILL',
    windowsHide: true,
    // npm is a script there.
    shell: command === 'npm' && process.platform === 'win32',
  })
  const [[exitCode, killedBy], stdout, stderr] = await Promise.all([
    once(child, 'close') as Promise<[number | null, NodeJS.Signals | null]>,
    child.stdout ? text(child.stdout) : '',
    child.stderr ? text(child.stderr) : '',
  ])
  return { exitCode: exitCode ?? 1, stdout, stderr, timeoutMs: killedBy === 'SIGKILL' ? timeoutMs : null }
}
