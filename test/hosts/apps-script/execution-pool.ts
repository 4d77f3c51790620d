/** Threads for executions: made when needed, used again, and never in the way of the end of the process. */
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { MessageChannel, Worker, type MessagePort } from 'node:worker_threads'
import { buildSync } from 'esbuild'
import type { WorkerInput, WorkerMessage, WorkerReply } from './execution-worker.ts'
import type { Job, JobEnd } from './wire.ts'

interface Thread {
  worker: Worker
  replies: MessagePort
  signal: Int32Array
}

/** One more than may run at once for a user, and some for a second user. */
const THREADS_MAX = 40

const idle: Thread[] = []
let threads = 0
const waiting: ((thread: Promise<Thread> | Thread) => void)[] = []
let sources: { worker: string; contextSide: string } | null = null

/** Thrown in place of an end when the thread was taken away. */
export class Killed extends Error {}

export interface JobDeps {
  /** Called when a thread was found for it. */
  onStart?: () => void
  /** One service call, or `now`. A promise that is rejected ends the execution at once, as nothing else can. */
  answer: (text: string) => Promise<string>
  /** How long it may run without calling a service. */
  hangMs: number
}

export async function runJob(job: Job, { onStart, answer, hangMs }: JobDeps): Promise<JobEnd> {
  const thread = await takeThread()
  onStart?.()
  try {
    const end = await converse(thread, job, answer, hangMs)
    const next = waiting.shift()
    if (next) next(thread)
    else idle.push(thread)
    return end
  } catch (error) {
    await thread.worker.terminate()
    const next = waiting.shift()
    if (next) next(startThread())
    else threads--
    throw error
  }
}

async function converse(
  { worker, replies, signal }: Thread,
  job: Job,
  answer: (text: string) => Promise<string>,
  hangMs: number,
): Promise<JobEnd> {
  worker.ref()
  let hang: NodeJS.Timeout | undefined
  try {
    return await new Promise<JobEnd>((resolve, reject) => {
      const watch = (): void => {
        clearTimeout(hang)
        hang = setTimeout(() => reject(new Killed('Exceeded maximum execution time')), hangMs)
      }
      const reply = (id: number, text: string): void => {
        watch()
        replies.postMessage({ id, text } satisfies WorkerReply, [])
        Atomics.store(signal, 0, 1)
        Atomics.notify(signal, 0)
      }
      worker.on('message', (message: WorkerMessage) => {
        clearTimeout(hang)
        if (message.kind === 'end') resolve(JSON.parse(message.text) as JobEnd)
        else answer(message.text).then((text) => reply(message.id, text), reject)
      })
      worker.once('error', reject)
      watch()
      worker.postMessage(job, [])
    })
  } finally {
    clearTimeout(hang)
    worker.removeAllListeners('message')
    worker.removeAllListeners('error')
    worker.unref()
  }
}

async function takeThread(): Promise<Thread> {
  const free = idle.pop()
  if (free) return free
  if (threads >= THREADS_MAX) return new Promise((resolve) => waiting.push(resolve))
  threads++
  return startThread()
}

async function startThread(): Promise<Thread> {
  sources ??= { worker: bundle('execution-worker.ts'), contextSide: bundle('context-side.ts') }
  const { port1: replies, port2 } = new MessageChannel()
  const signal = new Int32Array(new SharedArrayBuffer(4))
  const input: WorkerInput = { contextSide: sources.contextSide, replies: port2, signal }
  const worker = new Worker(sources.worker, { eval: true, workerData: input, transferList: [port2] })
  replies.unref()
  await once(worker, 'online')
  return { worker, replies, signal }
}

function bundle(file: string): string {
  const { outputFiles } = buildSync({
    entryPoints: [fileURLToPath(new URL(file, import.meta.url))],
    bundle: true,
    write: false,
    format: 'iife',
    globalName: 'contextSide',
    platform: 'node',
    target: 'node20',
    logLevel: 'warning',
  })
  return outputFiles[0]?.text ?? ''
}
