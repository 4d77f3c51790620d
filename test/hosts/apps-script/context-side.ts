/**
 * Runs inside the script's context, before the script: makes the global services and runs the function that is asked for. Nothing of it
 * stays visible but the services.
 */
import type { Job, JobEnd, ServiceCall, ServiceReply, Tagged, Wire } from './wire.ts'

type Call = (text: string) => string
type Prototype = Record<string, unknown>

const prototypes = new Map<string, Prototype>()
const objects = new Map<number, object>()
const ids = new WeakMap<object, number>()

/** @param load runs the script. */
export function runJob(jobText: string, call: Call, load: () => void): string {
  const { services, task } = JSON.parse(jobText) as Omit<Job, 'code'>
  const touched: string[] = []
  if (!task.load) tellTimeBy(call)
  for (const [name, service] of Object.entries(services)) {
    const value = task.load ? untouchable(name, touched) : decode(service, call)
    Object.defineProperty(globalThis, name, { value, writable: true, configurable: true, enumerable: false })
  }
  const before = new Set(Object.getOwnPropertyNames(globalThis))
  return JSON.stringify(outcome())

  function outcome(): JobEnd {
    try {
      load()
      const functions = Object.getOwnPropertyNames(globalThis).filter((name) => !before.has(name) && isDeclared(name))
      if (task.load) return { end: 'loaded', functions, touched }
      if (!functions.includes(task.fn) || task.fn.endsWith('_')) {
        throw exception('Exception', `Script function not found: ${task.fn}`)
      }
      const run = (globalThis as unknown as Record<string, (...args: unknown[]) => unknown>)[task.fn]!
      return { end: 'value', value: encode(run(...task.args.map((arg) => decode(arg, call)))) }
    } catch (error) {
      return thrown(error)
    }
  }
}

function thrown(error: unknown): JobEnd {
  if (typeof error !== 'object' || error === null || !('message' in error)) {
    return { end: 'thrown', name: 'Error', message: String(error), line: 0 }
  }
  // An error of syntax comes from outside of the context and is no Error here.
  const { name, message, stack } = error as Error
  return { end: 'thrown', name, message, line: lineOf(stack) }
}

function lineOf(stack = ''): number {
  return Number(/\bCode:(\d+)/.exec(stack)?.[1] ?? 0)
}

/** `function NAME(` at the top level, and nothing else: neither what is assigned to a variable nor what stands inside another function. */
function isDeclared(name: string): boolean {
  const value = (globalThis as unknown as Record<string, unknown>)[name]
  return typeof value === 'function' && /^(?:async )?function\*?\s+([\w$]+)/.exec(String(value))?.[1] === name
}

function untouchable(service: string, touched: string[]): object {
  const refuse = (what: string): never => {
    touched.push(what)
    throw new Error(`${what} was touched while the script loads`)
  }
  return new Proxy(() => undefined, {
    get: (_, member) => refuse(`${service}.${String(member)}`),
    has: (_, member) => refuse(`${service}.${String(member)}`),
    set: (_, member) => refuse(`${service}.${String(member)}`),
    apply: () => refuse(service),
    construct: () => refuse(service),
    ownKeys: () => refuse(service),
  })
}

function tellTimeBy(call: Call): void {
  const clock = (): number => Number(call('now'))
  globalThis.Date = new Proxy(Date, {
    get: (target, member) => (member === 'now' ? clock : (Reflect.get(target, member) as unknown)),
    construct: (target, args: unknown[], newTarget) =>
      Reflect.construct(target, args.length === 0 ? [clock()] : args, newTarget) as Date,
    apply: (target) => new target(clock()).toString(),
  })
}

function exception(name: string, message: string): Error {
  const error = new Error(message)
  Object.defineProperty(error, 'name', { value: name, configurable: true, writable: true })
  return error
}

function decode(wire: Wire, call: Call): unknown {
  if (Array.isArray(wire)) return wire.map((item) => decode(item, call))
  if (typeof wire !== 'object' || wire === null) return wire
  switch (wire.$) {
    case 'date':
      return new Date(wire.ms)
    case 'undefined':
      return undefined
    case 'fields':
      return Object.fromEntries(Object.entries(wire.fields).map(([key, value]) => [key, decode(value, call)]))
    case 'object':
      return serviceObject(wire, call)
  }
}

function serviceObject({ id, name, members }: Extract<Tagged, { $: 'object' }>, call: Call): object {
  const known = objects.get(id)
  if (known) return known
  if (members) prototypes.set(name, prototypeOf(name, members, call))
  const made = Object.create(prototypes.get(name) ?? null) as object
  objects.set(id, made)
  ids.set(made, id)
  return made
}

function prototypeOf(
  name: string,
  { methods, constants }: { methods: string[]; constants: Record<string, unknown> },
  call: Call,
): Prototype {
  const prototype: Prototype = { ...constants, toString: () => name }
  for (const method of methods) {
    prototype[method] = function (this: object, ...args: unknown[]): unknown {
      const request: ServiceCall = { object: ids.get(this) ?? 0, method, args: args.map(encode) }
      const reply = JSON.parse(call(JSON.stringify(request))) as ServiceReply
      if ('thrown' in reply) throw exception(reply.thrown.name, reply.thrown.message)
      return decode(reply.value, call)
    }
  }
  return prototype
}

function encode(value: unknown): Wire {
  switch (typeof value) {
    case 'undefined':
      return { $: 'undefined' }
    case 'string':
    case 'boolean':
      return value
    case 'number':
      return Number.isFinite(value) ? value : null
    case 'object':
      return value === null ? null : encodeObject(value)
    default:
      throw exception('TypeError', `A ${typeof value} cannot leave the script.`)
  }
}

function encodeObject(value: object): Wire {
  if (Array.isArray(value)) return Array.from(value, encode)
  if (value instanceof Date) return { $: 'date', ms: value.getTime() }
  if (value instanceof Error) return String(value)
  const id = ids.get(value)
  if (id !== undefined) return { $: 'object', id, name: '' }
  if (value instanceof Promise) throw exception('TypeError', 'A Promise cannot leave the script: nothing waits for it.')
  return { $: 'fields', fields: Object.fromEntries(Object.entries(value).map(([key, item]) => [key, encode(item)])) }
}
