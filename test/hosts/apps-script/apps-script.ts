/**
 * Google Apps Script without Google: one add-on, its users and spreadsheets, and the limits it lives within. A built bundle runs in a
 * bare `node:vm` context, in fresh globals each time, in a thread that sleeps through every call of a service (execution-pool.ts). The
 * services and all that lasts are here, in the thread of the test, which therefore never blocks.
 * Limits: developers.google.com/apps-script/guides/services/quotas
 */
import { randomUUID } from 'node:crypto'
import { mustBeAllowed } from './auth-modes.ts'
import { cacheService, type CacheStore, type CacheStores } from './cache.ts'
import { formulaCalls, showError, showResult, type FormulaCall } from './calculate.ts'
import { CONSUMER, createDailyQuotas, WORKSPACE, type Quotas } from './daily-quotas.ts'
import { Killed, runJob } from './execution-pool.ts'
import { each } from './each.ts'
import { htmlService } from './html-service.ts'
import { createLockState, lockService, type LockState, type LockStates } from './lock.ts'
import { createObjectTable, plain, type ObjectTable } from './object-table.ts'
import { propertiesService, type PropertyStore, type PropertyStores } from './properties.ts'
import { ScriptException, type ServiceObject, type Execution, type Mode, type Value } from './service.ts'
import { consoleService, scriptApp, session, type LogLine } from './session.ts'
import { copySpreadsheet, createSpreadsheet, type Spreadsheet, type SpreadsheetOptions } from './spreadsheet-state.ts'
import { spreadsheetApp } from './spreadsheet.ts'
import { allowlist, createWeb, urlFetchApp, type Web } from './url-fetch.ts'
import { utilities } from './utilities.ts'
import type { Job, ServiceCall, ServiceReply, Tagged } from './wire.ts'

export type { Mode } from './service.ts'
export type { Spreadsheet, SpreadsheetOptions } from './spreadsheet-state.ts'

export interface AppsScriptOptions {
  /** Of appsscript.json. */
  manifest?: { oauthScopes?: readonly string[]; urlFetchWhitelist?: readonly string[]; timeZone?: string }
  /** HTML files of the script by name, with or without `.html`. */
  files?: Record<string, string>
  users?: Record<string, UserOptions>
  /** Milliseconds; real time by default. `Utilities.sleep` and injected latency come on top of it. */
  now?: () => number
  /** Lets the script reach http://127.0.0.1, where the proxy under test listens. */
  loopbackHttp?: boolean
  /** Calls a day for everybody, instead of Google's. */
  quotas?: Partial<Quotas>
  /** Real time an execution may go on without calling a service. */
  hangMs?: number
}

export interface UserOptions {
  /** As `Session.getActiveUserLocale()`; en by default. */
  locale?: string
  /** Scopes of the manifest that this person did not agree to. */
  declinedScopes?: readonly string[]
  isWorkspace?: boolean
}

export interface Call {
  user: string
  spreadsheet: Spreadsheet
  /** FULL: menus and google.script.run. CUSTOM_FUNCTION: a formula. LIMITED and NONE: simple triggers. */
  mode: Mode
  fn: string
  args?: readonly unknown[]
}

export interface AppsScript {
  /** @throws when it does not compile, or touches a service while it loads: that breaks the menu where the mode is NONE. */
  load(code: string): Promise<void>
  /** Declared at the top level. */
  readonly functions: ReadonlySet<string>
  spreadsheet(options: SpreadsheetOptions): Spreadsheet
  /** Whether Google copies document properties is not known; it is not done unless asked for. */
  copy(spreadsheet: Spreadsheet, options?: { withDocumentProperties?: boolean }): Spreadsheet
  /** @returns what the function returned, made of this context's own arrays, objects and dates. @throws {ScriptError} */
  execute(call: Call): Promise<unknown>
  executeMany(calls: readonly Call[], options?: { parallel?: number }): Promise<PromiseSettledResult<unknown>[]>
  /** Calculates every formula that calls a custom function, for whoever has the spreadsheet open. */
  recalculate(spreadsheet: Spreadsheet, user: string): Promise<void>
  readonly properties: PropertyStores
  readonly cache: CacheStores
  readonly web: Web
  /** All that went to the console. */
  readonly log: LogLine[]
  /** How often each method was called, such as `Range.setValues`. */
  readonly calls: Map<string, number>
  now(): number
  /** Lets time pass, for caches and quotas. */
  advance(ms: number): void
  /** Executions under way. */
  readonly running: number
}

/** An execution that failed, with the message Sheets shows. */
export class ScriptError extends Error {
  /** Without what Sheets adds to it. */
  readonly thrown: string
  constructor(shown: string, thrown: string) {
    super(shown)
    this.name = 'ScriptError'
    this.thrown = thrown
  }
}

/** Global names of a script. */
const SERVICES = [
  'SpreadsheetApp',
  'PropertiesService',
  'CacheService',
  'LockService',
  'UrlFetchApp',
  'HtmlService',
  'Utilities',
  'Session',
  'ScriptApp',
  'console',
  'Logger',
] as const
const SCOPES = [
  'https://www.googleapis.com/auth/spreadsheets.currentonly',
  'https://www.googleapis.com/auth/script.external_request',
  'https://www.googleapis.com/auth/script.container.ui',
]
const EXECUTION_MS_MAX: Record<Mode, number> = {
  NONE: 30_000,
  LIMITED: 30_000,
  CUSTOM_FUNCTION: 30_000,
  FULL: 360_000,
}
export const EXECUTIONS_PER_USER_MAX = 30
const TOO_LONG = 'Exceeded maximum execution time'

export function createAppsScript(options: AppsScriptOptions = {}): AppsScript {
  const { manifest = {}, files = {}, users = {}, now = Date.now, loopbackHttp = false, hangMs } = options
  const { oauthScopes = SCOPES, urlFetchWhitelist = [], timeZone = 'Etc/UTC' } = manifest
  const allowed = allowlist(urlFetchWhitelist, { loopbackHttp })
  const html = new Map(Object.entries(files).map(([name, text]) => [name.replace(/\.html$/, ''), text]))
  const scriptId = randomUUID()
  const properties: PropertyStores = {
    script: new Map(),
    user: each((): PropertyStore => new Map()),
    document: each((): PropertyStore => new Map()),
  }
  const cache: CacheStores = {
    script: new Map(),
    user: each((): CacheStore => new Map()),
    document: each((): CacheStore => new Map()),
  }
  const locks: LockStates = {
    script: createLockState(),
    user: each((): LockState => createLockState()),
    document: each((): LockState => createLockState()),
  }
  const web = createWeb()
  const log: LogLine[] = []
  const calls = new Map<string, number>()
  const runningOf = new Map<string, number>()
  const quotas = createDailyQuotas(worldNow, (user) => ({
    ...(users[user]?.isWorkspace ? WORKSPACE : CONSUMER),
    ...options.quotas,
  }))
  let passedMs = 0
  let code: string | null = null
  let functions: ReadonlySet<string> = new Set()
  let running = 0

  const world: AppsScript = {
    load,
    get functions() {
      return functions
    },
    spreadsheet: (given) => createSpreadsheet(randomUUID(), given),
    copy(spreadsheet, { withDocumentProperties = false } = {}) {
      const copy = copySpreadsheet(randomUUID(), spreadsheet)
      const from = properties.document(spreadsheet.id)
      if (withDocumentProperties) for (const [key, value] of from) properties.document(copy.id).set(key, value)
      return copy
    },
    execute,
    executeMany,
    recalculate,
    properties,
    cache,
    web,
    log,
    calls,
    now: worldNow,
    advance: (ms) => {
      passedMs += ms
    },
    get running() {
      return running
    },
  }
  return world

  function worldNow(): number {
    return now() + passedMs
  }

  async function load(given: string): Promise<void> {
    const services = Object.fromEntries(SERVICES.map((name): [string, Tagged] => [name, { $: 'undefined' }]))
    const end = await runJob(
      { code: given, services, task: { load: true } },
      { answer: refuseCalls, hangMs: hangMs ?? EXECUTION_MS_MAX.NONE },
    )
    if (end.end === 'thrown') throw new ScriptError(`${end.name}: ${end.message}`, end.message)
    if (end.end !== 'loaded') throw new Error('loading returned a value')
    if (end.touched.length > 0) {
      const message = `${end.touched.join(', ')} was touched while the script loads`
      throw new ScriptError(message, message)
    }
    code = given
    functions = new Set(end.functions)
  }

  async function execute(call: Call): Promise<unknown> {
    if (code === null) throw new Error('no script is loaded')
    const count = runningOf.get(call.user) ?? 0
    if (count >= EXECUTIONS_PER_USER_MAX) {
      const message = 'There are too many scripts running simultaneously for this Google user account.'
      throw new ScriptError(message, message)
    }
    runningOf.set(call.user, count + 1)
    running++
    const state = beginExecution(call)
    try {
      return await run(state, call, code)
    } finally {
      state.end()
      running--
      runningOf.set(call.user, (runningOf.get(call.user) ?? 1) - 1)
    }
  }

  async function run(state: ExecutionState, { fn, args = [], mode, user }: Call, code: string): Promise<unknown> {
    const objects = createObjectTable()
    const granted = new Set(oauthScopes.filter((scope) => !users[user]?.declinedScopes?.includes(scope)))
    const answer = async (text: string): Promise<string> => {
      state.mustHaveTime()
      if (text === 'now') return String(worldNow())
      const reply = await callService(objects, state.execution, granted, JSON.parse(text) as ServiceCall)
      state.mustHaveTime()
      return JSON.stringify(reply)
    }
    const services = Object.fromEntries(
      Object.entries(servicesOf(state)).map(([name, service]) => [name, objects.encode(service) as Tagged]),
    )
    const job: Job = {
      code,
      services,
      task: { load: false, fn, args: args.map((arg) => objects.encode(arg as Value)) },
    }
    try {
      const end = await runJob(job, { onStart: state.start, answer, hangMs: hangMs ?? EXECUTION_MS_MAX[mode] })
      state.mustHaveTime()
      if (end.end === 'value') return plain(end.value)
      if (end.end === 'thrown') throw scriptError(mode, end)
      throw new Error('a call ended as loading does')
    } catch (error) {
      if (error instanceof Killed) throw new ScriptError(error.message, error.message)
      throw error
    }
  }

  async function callService(
    objects: ObjectTable,
    { mode }: Execution,
    granted: ReadonlySet<string>,
    { object: id, method: name, args }: ServiceCall,
  ): Promise<ServiceReply> {
    const object = objects.at(id)
    const method = object.method(name)
    if (!method) throw new Error(`${object.name} has no ${name}`)
    const full = `${object.name}.${name}`
    calls.set(full, (calls.get(full) ?? 0) + 1)
    try {
      mustBeAllowed(mode, { name: full, room: method.room, writes: method.writes }, granted)
      return { value: objects.encode((await method.run(...args.map((arg) => objects.decode(arg)))) as Value) }
    } catch (error) {
      // Anything else is a mistake of these fakes or of the test, and ends the execution.
      if (!(error instanceof ScriptException)) throw error
      return { thrown: { name: error.name, message: error.message } }
    }
  }

  interface ExecutionState {
    execution: Execution
    spreadsheet: Spreadsheet
    /** Its time runs from here. */
    start: () => void
    /** @throws {Killed} */
    mustHaveTime: () => void
    end: () => void
  }

  function beginExecution({ user, spreadsheet, mode }: Call): ExecutionState {
    let startedAt = now()
    const endings: (() => void)[] = []
    let ownMs = 0
    const execution: Execution = {
      user,
      storeUser: mode === 'CUSTOM_FUNCTION' ? spreadsheet.owner : user,
      spreadsheetId: spreadsheet.id,
      mode,
      now: worldNow,
      pass(ms) {
        ownMs += ms
        passedMs += ms
      },
      spend: (service, count) => quotas.spend(user, service, count),
      onEnd: (act) => void endings.push(act),
    }
    return {
      execution,
      spreadsheet,
      start() {
        startedAt = now()
      },
      mustHaveTime() {
        // What others of the same moment slept is not this one's time.
        if (now() - startedAt + ownMs > EXECUTION_MS_MAX[mode]) throw new Killed(TOO_LONG)
      },
      end: () => endings.forEach((act) => act()),
    }
  }

  function servicesOf({ execution, spreadsheet }: ExecutionState): Record<(typeof SERVICES)[number], ServiceObject> {
    const logger = consoleService(log, execution)
    return {
      SpreadsheetApp: spreadsheetApp(spreadsheet, functions, execution),
      PropertiesService: propertiesService(properties, execution),
      CacheService: cacheService(cache, execution),
      LockService: lockService(locks, execution),
      UrlFetchApp: urlFetchApp(web, allowed, execution),
      HtmlService: htmlService(html),
      Utilities: utilities(execution),
      Session: session(users[execution.user]?.locale ?? 'en', timeZone),
      ScriptApp: scriptApp(scriptId),
      console: logger,
      Logger: logger,
    }
  }

  async function executeMany(
    given: readonly Call[],
    { parallel = EXECUTIONS_PER_USER_MAX }: { parallel?: number } = {},
  ): Promise<PromiseSettledResult<unknown>[]> {
    const results: PromiseSettledResult<unknown>[] = []
    let next = 0
    const worker = async (): Promise<void> => {
      for (let at = next++; at < given.length; at = next++) {
        results[at] = (await Promise.allSettled([execute(given[at]!)]))[0]
      }
    }
    await Promise.all(Array.from({ length: parallel }, worker))
    return results
  }

  async function recalculate(spreadsheet: Spreadsheet, user: string): Promise<void> {
    const isKnown = ({ fn }: FormulaCall): boolean => functions.has(fn) && !fn.endsWith('_')
    const found = formulaCalls(spreadsheet)
    for (const call of found.filter((call) => !isKnown(call))) {
      showError(spreadsheet, call, '#NAME?', `Unknown function: '${call.fn}'.`)
    }
    const known = found.filter(isKnown)
    const results = await executeMany(
      known.map(({ fn, args }) => ({ user, spreadsheet, mode: 'CUSTOM_FUNCTION', fn, args })),
    )
    for (const [at, result] of results.entries()) {
      if (result.status === 'fulfilled') showResult(spreadsheet, known[at]!, result.value)
      else if (result.reason instanceof ScriptError)
        showError(spreadsheet, known[at]!, '#ERROR!', result.reason.message)
      else throw result.reason
    }
  }
}

async function refuseCalls(): Promise<string> {
  throw new Error('a service was reached while the script loads')
}

/** A cell's note ends in the line that threw; a dialog begins with the kind of error. */
function scriptError(
  mode: Mode,
  { name, message, line }: { name: string; message: string; line: number },
): ScriptError {
  if (mode !== 'CUSTOM_FUNCTION') return new ScriptError(`${name}: ${message}`, message)
  return new ScriptError(line > 0 ? `${message} (line ${line}).` : message, message)
}
