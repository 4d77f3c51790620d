/**
 * The thread an execution runs in. It has no services of its own: each call is sent to the main thread and waited for with the thread
 * asleep, because in Apps Script every call is synchronous.
 */
import { createContext, Script } from 'node:vm'
import { parentPort, receiveMessageOnPort, workerData, type MessagePort } from 'node:worker_threads'
import type { Job } from './wire.ts'

export interface WorkerInput {
  /** The bundle of context-side.ts. */
  contextSide: string
  replies: MessagePort
  /** 1 when something has come to `replies`. */
  signal: Int32Array
}
export type WorkerMessage = { kind: 'call'; id: number; text: string } | { kind: 'end'; text: string }
export interface WorkerReply {
  /** Of the call it answers. */
  id: number
  text: string
}

type RunJob = (jobText: string, call: (text: string) => string, load: () => void) => string

const { contextSide, replies, signal } = workerData as WorkerInput
const prepare = new Script(`(() => { ${contextSide}\nreturn contextSide.runJob })()`, { filename: 'services' })
// Each bundle is compiled once; a test file has one or two.
const compiled = new Map<string, Script>()
const COMPILED_MAX = 8

function compile(code: string): Script {
  const known = compiled.get(code)
  if (known) return known
  if (compiled.size >= COMPILED_MAX) compiled.clear()
  const script = new Script(code, { filename: 'Code' })
  compiled.set(code, script)
  return script
}

let calls = 0

function call(text: string): string {
  const id = ++calls
  parentPort?.postMessage({ kind: 'call', id, text } satisfies WorkerMessage, [])
  for (;;) {
    const reply = receiveMessageOnPort(replies)?.message as WorkerReply | undefined
    if (reply?.id === id) return reply.text
    if (reply) continue
    Atomics.wait(signal, 0, 0)
    Atomics.store(signal, 0, 0)
  }
}

parentPort?.on('message', ({ code, ...job }: Job) => {
  // Nothing of Node is in it, as nothing of a browser is in Apps Script; and no eval.
  const context = createContext({}, { codeGeneration: { strings: false, wasm: false } })
  const runJob = prepare.runInContext(context) as RunJob
  const text = runJob(JSON.stringify(job), call, () => {
    // Compiled here, so that an error of syntax is an error of loading.
    compile(code).runInContext(context)
  })
  parentPort?.postMessage({ kind: 'end', text } satisfies WorkerMessage, [])
})
