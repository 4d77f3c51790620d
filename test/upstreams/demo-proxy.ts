/** The built proxy as a child of `npm run demo`. */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { rootFolder } from '../../proxy/root-folder.ts'

export interface DemoProxy {
  url: string
  /** Opens the playground, once. */
  link: string
  /** Resolves when the process is gone, however it went. */
  ended: Promise<unknown>
  /** Lets it finish its answers; kills it when that takes too long. */
  stop(): Promise<void>
  /** Ends it at once. */
  kill(): void
}

/** Something the person at the terminal can mend. Its message is all there is to say. */
export class DemoError extends Error {
  override name = 'DemoError'
}

const STARTED_WITHIN_MS = 30_000
// The proxy gives its answers 20 s.
const STOPPED_WITHIN_MS = 25_000

/**
 * @param port as PORT is set; empty: the proxy's own choice, 3000.
 * @throws {DemoError} with what the proxy says when it does not start, such as a port that is taken.
 */
export async function startDemoProxy(folder: string, port: string): Promise<DemoProxy> {
  const child = spawn(process.execPath, ['--max-old-space-size=256', join(rootFolder(), 'dist', 'proxy', 'main.js')], {
    cwd: rootFolder(),
    env: {
      ...process.env,
      DATA_DIR: folder,
      PORT: port,
      LOG_LEVEL: 'error',
      // Settings of a real proxy are none of the demo's: empty means not set.
      HOST: '',
      PUBLIC_URL: '',
      ALLOWED_ORIGINS: '',
      ROUTING: '',
      MASTER_KEY: '',
      // As under `npm start` it then stops by itself should this process be killed.
      npm_lifecycle_event: 'start',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
    // A group of its own: Ctrl+C is for this process alone, which then asks the proxy to stop.
    detached: true,
  })
  const ended = Promise.race([once(child, 'exit'), once(child, 'error')])
  const { link, said } = await greeting(child, ended)
  if (link === null) {
    child.kill('SIGKILL')
    throw new DemoError(said.trim() || 'The proxy did not start in time.')
  }
  child.stderr.pipe(process.stderr)
  return {
    url: new URL(link).origin,
    link,
    ended,
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return
      child.kill('SIGTERM')
      const timer = setTimeout(() => child.kill('SIGKILL'), STOPPED_WITHIN_MS)
      await ended
      clearTimeout(timer)
    },
    kill: () => void child.kill('SIGKILL'),
  }
}

/** What the proxy prints holds its owner token: the link alone is taken from it. */
async function greeting(child: ChildProcess, ended: Promise<unknown>): Promise<{ link: string | null; said: string }> {
  let said = ''
  let complaint = ''
  let timer: NodeJS.Timeout | undefined
  const noteComplaint = (data: Buffer): void => {
    complaint += data.toString()
  }
  child.stderr?.on('data', noteComplaint)
  const greeted = new Promise<void>((resolve) => {
    child.stdout?.on('data', (data: Buffer) => {
      if (said.includes('Tariffs:')) return
      said += data.toString()
      if (said.includes('Tariffs:')) resolve()
    })
  })
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, STARTED_WITHIN_MS)
  })
  await Promise.race([greeted, ended, late])
  clearTimeout(timer)
  child.stderr?.off('data', noteComplaint)
  return { link: /works once\): (\S+)/.exec(said)?.[1] ?? null, said: complaint }
}
