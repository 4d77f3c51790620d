/** Processes of the bench: each is stopped by its own pid, also when the bench fails or is interrupted. */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { benchFolder } from './build-all.ts'

export interface Child {
  /** What it has printed so far. */
  stdout: () => string
  /** Resolves as soon as `pattern` stands in what it printed. @throws when it ends or the time is up before. */
  printed: (pattern: RegExp) => Promise<RegExpExecArray>
  /** Resolves when it has ended by itself. @returns what it printed. @throws when it failed or the time is up. */
  finished: () => Promise<string>
  /** Ends it, and resolves when it is gone. */
  stop: () => Promise<void>
  /** As a power cut does: without a word. */
  kill: () => Promise<void>
}

export interface ChildOptions {
  /** null: wherever the system puts it. */
  core?: number | null
  /** Given to Node before the file. */
  flags?: readonly string[]
  environment?: Record<string, string>
  /** Written to its standard input. */
  input?: string
}

const PRINTED_WITHIN_MS = 30_000
const FINISHED_WITHIN_MS = 120_000
const STOPPED_WITHIN_MS = 10_000

const live = new Set<ChildProcess>()
const folders = new Set<string>()

process.on('exit', () => {
  for (const child of live) child.kill('SIGKILL')
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})
// Without a listener these end the process and nobody hears of the exit.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1))

/** Runs a built file with this Node. */
export function startNode(
  file: string,
  { core = null, flags = [], environment = {}, input = '' }: ChildOptions = {},
): Child {
  const [command, ...args] = [
    ...(core === null ? [] : ['taskset', '-c', String(core)]),
    process.execPath,
    ...flags,
    file,
  ]
  const child = spawn(command, args, {
    env: { PATH: process.env.PATH, ...environment },
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  live.add(child)
  let out = ''
  let err = ''
  child.stdout.on('data', (data: Buffer) => (out += data.toString()))
  child.stderr.on('data', (data: Buffer) => (err += data.toString()))
  // A child that ended before it read everything says so by its exit code.
  child.stdin.on('error', () => undefined)
  child.stdin.end(input)
  const ended = once(child, 'close').then(
    () => live.delete(child),
    () => live.delete(child),
  )
  const broken = (problem: string): Error => new Error(`${file} ${problem}\n${err}${out}`)

  return {
    stdout: () => out,
    printed: (pattern) =>
      new Promise((resolve, reject) => {
        const timer = setTimeout(() => reject(broken('did not start in time')), PRINTED_WITHIN_MS)
        const look = (): void => {
          const match = pattern.exec(out)
          if (!match) return
          clearTimeout(timer)
          resolve(match)
        }
        child.stdout.on('data', look)
        look()
        void ended.then(() => {
          clearTimeout(timer)
          reject(broken('ended before it was ready'))
        })
      }),
    async finished() {
      const timer = setTimeout(() => child.kill('SIGKILL'), FINISHED_WITHIN_MS)
      await ended
      clearTimeout(timer)
      if (child.exitCode !== 0) throw broken(`ended with ${child.exitCode ?? child.signalCode}`)
      return out
    },
    async stop() {
      child.kill('SIGTERM')
      const timer = setTimeout(() => child.kill('SIGKILL'), STOPPED_WITHIN_MS)
      await ended
      clearTimeout(timer)
    },
    async kill() {
      child.kill('SIGKILL')
      await ended
    },
  }
}

/** A data folder for one measurement, on the disk of the checkout: the system's temporary folder may be no disk at all. */
export function scratchFolder(): { folder: string; remove: () => void } {
  mkdirSync(benchFolder, { recursive: true })
  const folder = mkdtempSync(join(benchFolder, 'data-'))
  folders.add(folder)
  return {
    folder,
    remove: () => {
      rmSync(folder, { recursive: true, force: true })
      folders.delete(folder)
    },
  }
}
