/// <reference lib="dom" />
/** The page's half of excel-page-host.ts: the real host over the real Office.js, called by name from the test. */
import { createExcelHost } from '../../excel-addin/excel-host.ts'
import { systemClock } from '../../shared/clock.ts'
import { FailureError, type Failure } from '../../shared/error-codes.ts'
import type { Followed, Place, ReadOptions, SpreadsheetHost } from '../../shared/pane/spreadsheet-host.ts'

export interface RemoteCall {
  id: number
  hostId: number
  /** 0: the host; else what `follow` answered with. */
  target: number
  method: string
  args: unknown[]
  /** Appended to the arguments. */
  withOptions: boolean
  isAborted: boolean
}

export type RemoteReply = { value: unknown } | { failure: Failure } | { error: string }

export interface RemotePage {
  tariffcellOpenHost(hostId: number): void
  tariffcellCall(call: RemoteCall): Promise<RemoteReply>
  tariffcellAbort(id: number): void
  /** Of the test. */
  tariffcellTell(hostId: number, about: 'selection' | 'waiting' | 'progress', detail: unknown): Promise<void>
}

const page = window as unknown as Window & RemotePage
const hosts = new Map<number, SpreadsheetHost>()
const followed = new Map<number, Followed>()
const aborts = new Map<number, AbortController>()

page.tariffcellOpenHost = (hostId) => {
  const host = createExcelHost({ clock: systemClock, newId: () => crypto.randomUUID() })
  hosts.set(hostId, host)
  host.onSelection(() => void page.tariffcellTell(hostId, 'selection', null))
  host.onWaiting((reason) => void page.tariffcellTell(hostId, 'waiting', reason))
}
page.tariffcellAbort = (id) => aborts.get(id)?.abort()
page.tariffcellCall = async ({ id, hostId, target, method, args, withOptions, isAborted }) => {
  const abort = new AbortController()
  if (isAborted) abort.abort()
  aborts.set(id, abort)
  const options: ReadOptions = {
    signal: abort.signal,
    onProgress: (rows) => void page.tariffcellTell(hostId, 'progress', { id, rows }),
  }
  try {
    const host = hosts.get(hostId)
    if (!host) throw new Error(`no host ${hostId}`)
    if (method === 'follow') {
      followed.set(id, await host.follow(args[0] as Place))
      return { value: id }
    }
    const object = (target === 0 ? host : followed.get(target)) as unknown as Record<
      string,
      (...args: unknown[]) => unknown
    >
    const call = object[method]
    if (!call) throw new Error(`no ${method}`)
    return { value: await call.apply(object, withOptions ? [...args, options] : args) }
  } catch (error) {
    return error instanceof FailureError ? { failure: error.failure } : { error: String(error) }
  } finally {
    aborts.delete(id)
  }
}
