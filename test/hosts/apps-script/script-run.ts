/// <reference lib="dom" />
/**
 * `google.script.run` for a page in a browser, with a world of these fakes behind it.
 * Source: developers.google.com/apps-script/guides/html/communication
 */
import type { Page } from 'playwright-core'
import { ScriptError, type AppsScript } from './apps-script.ts'
import type { Spreadsheet } from './spreadsheet-state.ts'

export interface ScriptRun {
  /** The most that ran at once, and how many were called. */
  readonly seen: { inFlightMost: number; calls: number }
  /** Whether the page asked for its sidebar to be closed. */
  readonly isClosed: boolean
}

const IN_FLIGHT_MAX = 10

type Reply = { value: unknown } | { error: string }

/** Call it before the page loads, and after the script was loaded: the page knows its functions by name. */
export async function serveScriptRun(
  page: Page,
  world: AppsScript,
  { user, spreadsheet }: { user: string; spreadsheet: Spreadsheet },
): Promise<ScriptRun> {
  const seen = { inFlightMost: 0, calls: 0 }
  let inFlight = 0
  let isClosed = false
  await page.exposeFunction('appsScriptRun', async (fn: string, argsText: string): Promise<Reply> => {
    seen.calls++
    seen.inFlightMost = Math.max(seen.inFlightMost, ++inFlight)
    try {
      const args = JSON.parse(argsText) as unknown[]
      return { value: returned(await world.execute({ user, spreadsheet, mode: 'FULL', fn, args })) }
    } catch (error) {
      if (error instanceof ScriptError) return { error: error.message }
      throw error
    } finally {
      inFlight--
    }
  })
  await page.exposeFunction('appsScriptClose', () => {
    isClosed = true
  })
  const names = [...world.functions].filter((name) => !name.endsWith('_'))
  await page.addInitScript(installScriptRun, { names, inFlightMax: IN_FLIGHT_MAX })
  return {
    seen,
    get isClosed() {
      return isClosed
    },
  }
}

/** @throws for what Google does not hand to a page, at any depth. */
function returned(value: unknown): unknown {
  if (value === undefined) return null
  if (typeof value !== 'object' || value === null) return value
  if (value instanceof Date) {
    const message = 'The script completed but the returned value is not a supported return type.'
    throw new ScriptError(message, message)
  }
  if (Array.isArray(value)) return value.map(returned)
  const fields = Object.entries(value).filter(([, item]) => item !== undefined)
  return Object.fromEntries(fields.map(([key, item]): [string, unknown] => [key, returned(item)]))
}

/** Runs in the page, on its own: it sees nothing of this file. */
function installScriptRun({ names, inFlightMax }: { names: string[]; inFlightMax: number }): void {
  type Handler = ((value: unknown, userObject: unknown) => void) | null
  const bridge = window as unknown as {
    appsScriptRun(fn: string, argsText: string): Promise<Reply>
    appsScriptClose(): Promise<void>
    google: unknown
  }
  const waiting: (() => void)[] = []
  let inFlight = 0

  const legal = (value: unknown, where: string, above: unknown[]): unknown => {
    if (value === null || value === undefined) return null
    if (typeof value === 'number' || typeof value === 'boolean' || typeof value === 'string') return value
    const isPlain = Array.isArray(value) || Object.prototype.toString.call(value) === '[object Object]'
    if (typeof value !== 'object' || !isPlain || above.includes(value)) {
      throw new TypeError(`Failed due to illegal value in property: ${where}`)
    }
    if (Array.isArray(value)) return value.map((item, at) => legal(item, String(at), [...above, value]))
    const entries = Object.entries(value).filter(([, item]) => item !== undefined)
    return Object.fromEntries(
      entries.map(([key, item]): [string, unknown] => [key, legal(item, key, [...above, value])]),
    )
  }
  const scriptError = (message: string): Error => {
    const error = new Error(message)
    error.name = 'ScriptError'
    return error
  }
  const call = async (
    fn: string,
    argsText: string,
    succeed: (value: unknown) => void,
    fail: (error: Error) => void,
  ) => {
    if (inFlight >= inFlightMax) await new Promise<void>((resolve) => waiting.push(resolve))
    else inFlight++
    const reply = await bridge.appsScriptRun(fn, argsText)
    // The place goes to the next in line, or is free.
    const next = waiting.shift()
    if (next) next()
    else inFlight--
    if ('error' in reply) fail(scriptError(reply.error))
    else succeed(reply.value)
  }
  const runner = (onSuccess: Handler, onFailure: Handler | undefined, userObject: unknown): Record<string, unknown> => {
    const made: Record<string, unknown> = {
      withSuccessHandler: (handler: Handler) => runner(handler, onFailure, userObject),
      withFailureHandler: (handler: Handler) => runner(onSuccess, handler, userObject),
      withUserObject: (given: unknown) => runner(onSuccess, onFailure, given),
    }
    for (const name of names) {
      made[name] = (...args: unknown[]) => {
        const argsText = JSON.stringify(args.map((arg, at) => legal(arg, String(at), [])))
        void call(
          name,
          argsText,
          (value) => onSuccess?.(value, userObject),
          (error) => {
            if (onFailure === undefined) console.error(error)
            else onFailure?.(error, userObject)
          },
        )
      }
    }
    return made
  }
  bridge.google = {
    script: {
      run: runner(null, undefined, undefined),
      host: {
        close: () => void bridge.appsScriptClose(),
        setHeight: () => undefined,
        setWidth: () => undefined,
        editor: { focus: () => undefined },
      },
    },
  }
}
