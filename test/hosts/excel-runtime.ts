/**
 * Excel without Excel: Microsoft's own custom-functions runtime in a `node:vm` context, with our built bundle beside it. The runtime
 * talks to its host through a global `_richApiNativeBridge`, a pipe of JSON messages; this file is the other end of the pipe.
 * It is the client half of Excel. It calculates nothing, and Excel's own quirks are not in it.
 */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createContext, Script } from 'node:vm'
import { bundleFunctions } from '../../excel-addin/build.ts'
import type { Addin } from '../../excel-addin/create-addin.ts'
import { connectionEntry } from '../../excel-addin/session.ts'
import { rootFolder } from '../../proxy/root-folder.ts'

/** What Excel shows: a value or a spill, in which an error is an object; or an error in the cell of the formula. */
export type Shown = { kind: 'value'; value: unknown } | { kind: 'error'; code: string; message: string }

/** An error inside a spill, as the runtime sends it. */
export interface SpilledError {
  type: 'Error'
  basicValue: string
  message?: string
}

export interface Call {
  name: string
  /** As Excel passes them: a matrix for each argument that is a range or a cell. */
  args: unknown[]
  address?: string
  cancelable?: boolean
}

export interface ExcelRuntime {
  invoke(name: string, args: unknown[], options?: Pick<Call, 'address' | 'cancelable'>): Promise<Shown>
  /** All calls in one message, as Excel sends a recalculation. */
  burst(calls: readonly Call[]): Promise<Shown>[]
  /** Starts a call that can be called off by its id. */
  start(call: Call): { id: number; shown: Promise<Shown> }
  cancel(id: number): void
  /** Starts a call of a function that streams; every result is added as it comes. */
  stream(call: Call): { id: number; results: Shown[] }
  /** Runs a script in the same page. */
  run(source: string): unknown
  /** The bundle's own global, as the pane sees it. */
  addin: Addin
  /** Messages in which results came back. */
  readonly resultMessages: number
}

export interface ExcelOptions {
  /** Address of a proxy, real or fake. */
  baseUrl: string
  /** null: not connected. */
  token?: string | null
  /** Replaces the network. */
  fetch?: typeof fetch
  partitionKey?: string
}

const RUNTIME_FILE = 'node_modules/@microsoft/office-js/dist/custom-functions-runtime.debug.js'
const CANCELABLE = 1
const STREAMING = 2
// What the runtime sends for an error, and what Excel makes of it.
const CODE_OF_RESULT: Record<number, string> = {
  1: '#N/A',
  2: '#N/A',
  3: '#VALUE!',
  5: '#DIV/0!',
  6: '#NUM!',
  7: '#VALUE!',
  8: '#NULL!',
}

let bundle: Promise<string> | null = null

/** @param options.baseUrl where the proxy listens; the seat is connected as after pairing. */
export async function openExcel(options: ExcelOptions): Promise<ExcelRuntime> {
  bundle ??= bundleFunctions()
  const page = createPage(options)
  const bridge = createBridge()
  page._richApiNativeBridge = bridge
  const context = createContext(page)
  const timers = Object.getOwnPropertyDescriptor(page, 'setTimeout')!
  // While it loads, the runtime starts waiting for files of a real host, and throws when a minute later they have not come.
  Object.defineProperty(page, 'setTimeout', { value: () => 0, configurable: true })
  loadRuntime().runInContext(context)
  Object.defineProperty(page, 'setTimeout', timers)
  Object.assign(page.Office as object, {
    context: { partitionKey: options.partitionKey ?? '', displayLanguage: 'en-US' },
  })
  new Script(await bundle, { filename: 'functions.js' }).runInContext(context)

  let lastId = 0
  const register = (call: Call, more = 0): { id: number; shown: Promise<Shown>; entry: unknown } => {
    const id = ++lastId
    const flags = ((call.cancelable ?? true) ? CANCELABLE : 0) | more
    const message = [id, call.name, call.args, call.address ?? `Sheet1!A${id}`, flags]
    return { id, shown: bridge.resultOf(id), entry: { messageCategory: 1, messageType: 1000, targetId: '', message } }
  }
  const start = (call: Call): { id: number; shown: Promise<Shown> } => {
    const { id, shown, entry } = register(call)
    bridge.tell([entry])
    return { id, shown }
  }
  return {
    start,
    invoke: (name, args, more = {}) => start({ name, args, ...more }).shown,
    stream(call) {
      const { id, entry } = register(call, STREAMING)
      const results = bridge.resultsOf(id)
      bridge.tell([entry])
      return { id, results }
    },
    burst(calls) {
      const registered = calls.map((call) => register(call))
      bridge.tell(registered.map(({ entry }) => entry))
      return registered.map(({ shown }) => shown)
    },
    cancel: (id) =>
      bridge.tell([{ messageCategory: 1, messageType: 1001, targetId: '', message: { invocationId: id } }]),
    run: (source) => new Script(source).runInContext(context) as unknown,
    addin: new Script('Tariffcell.addin').runInContext(context) as Addin,
    get resultMessages() {
      return bridge.resultMessages
    },
  }
}

let runtime: Script | null = null

function loadRuntime(): Script {
  const file = join(rootFolder(), RUNTIME_FILE)
  if (!existsSync(file)) {
    throw new Error(`${RUNTIME_FILE} is missing: it comes with the devDependency @microsoft/office-js`)
  }
  runtime ??= new Script(readFileSync(file, 'utf8'), { filename: file })
  return runtime
}

/** As much of a browser page as the runtime and the bundle look at. */
function createPage({ baseUrl, token = 'seat-token', fetch: network, partitionKey = '' }: ExcelOptions) {
  const storage = new Map<string, string>(token === null ? [] : [connectionEntry({ baseUrl, token }, partitionKey)])
  const nothing = (): void => undefined
  const page: Record<string, unknown> = {
    console: { log: nothing, warn: nothing, info: nothing, error: nothing },
    navigator: { userAgent: 'node' },
    location: { href: `${baseUrl}/excel/pane.html`, hash: '', search: '', protocol: 'http:', origin: baseUrl },
    history: {},
    document: {
      readyState: 'complete',
      currentScript: { src: `${baseUrl}/excel/functions.js` },
      // The runtime looks for its own script element, and would load locale files into the head.
      getElementsByTagName: (tag: string) =>
        tag === 'script' ? [{ src: `/${RUNTIME_FILE}` }] : [{ appendChild: nothing }],
      createElement: () => ({ setAttribute: nothing }),
      createTextNode: () => ({}),
      addEventListener: nothing,
    },
    localStorage: {
      getItem: (key: string) => storage.get(key) ?? null,
      setItem: (key: string, value: string) => storage.set(key, value),
      removeItem: (key: string) => storage.delete(key),
    },
    name: '',
    addEventListener: nothing,
    fetch: network ?? ((url: string, init: RequestInit) => fetch(url, init)),
    AbortController,
    TextDecoder,
    URL,
  }
  // Read at each use, so that a test can turn the time of the page with the time of the test.
  for (const name of [
    'setTimeout',
    'clearTimeout',
    'setInterval',
    'clearInterval',
    'queueMicrotask',
    'Date',
  ] as const) {
    Object.defineProperty(page, name, { get: () => globalThis[name], configurable: true })
  }
  page.window = page
  page.self = page
  page.top = page
  page.parent = page
  return page
}

interface HostMessage {
  id: number
  message: { body: string | { Actions?: HostAction[] } }
}
interface HostAction {
  Id: number
  Name?: string
  ArgumentInfo?: { Arguments?: unknown[] }
}
/** `[id, true, value]` or `[id, false, message, code]`. */
type RuntimeResult = [id: number, isValue: boolean, value: unknown, code?: number]

function createBridge() {
  const waiting = new Map<number, (shown: Shown) => void>()
  const streams = new Map<number, Shown[]>()
  const bridge = {
    /** Set by the runtime. */
    onMessageFromHost: null as ((text: string) => void) | null,
    resultMessages: 0,
    sendMessageToHost(text: string): void {
      const { id, message } = JSON.parse(text) as HostMessage
      const body =
        typeof message.body === 'string' ? (JSON.parse(message.body) as { Actions?: HostAction[] }) : message.body
      const actions = body.Actions ?? []
      for (const action of actions) {
        if (action.Name !== 'SetInvocationArrayResults') continue
        bridge.resultMessages++
        for (const result of action.ArgumentInfo!.Arguments![0] as RuntimeResult[]) {
          streams.get(result[0])?.push(shownAs(result))
          waiting.get(result[0])?.(shownAs(result))
          waiting.delete(result[0])
        }
      }
      const Results = actions.map((action) => ({ ActionId: action.Id, Value: null }))
      const reply = { id, type: 2, message: { statusCode: 200, headers: {}, body: JSON.stringify({ Results }) } }
      queueMicrotask(() => bridge.onMessageFromHost!(JSON.stringify(reply)))
    },
    tell(entries: unknown[]): void {
      if (!bridge.onMessageFromHost) throw new Error('the runtime did not take the bridge')
      bridge.onMessageFromHost(JSON.stringify({ type: 3, message: { entries } }))
    },
    resultsOf(id: number): Shown[] {
      const results: Shown[] = []
      streams.set(id, results)
      return results
    },
    resultOf(id: number): Promise<Shown> {
      return new Promise((resolve) => {
        waiting.set(id, resolve)
      })
    },
  }
  return bridge
}

function shownAs([, isValue, value, code = 0]: RuntimeResult): Shown {
  if (isValue) return { kind: 'value', value }
  return { kind: 'error', code: CODE_OF_RESULT[code] ?? `unknown result code ${code}`, message: String(value) }
}
