/** What every Google service of the fakes is made of: objects with methods, and what may cross between them and a script. */

/** As the event of a trigger names them. */
export type Mode = 'NONE' | 'LIMITED' | 'CUSTOM_FUNCTION' | 'FULL'

/** Which permission a call needs; see auth-modes.ts. */
export type Room = 'free' | 'document' | 'menu' | 'sidebar' | 'properties' | 'store' | 'fetch' | 'identity'

export type Value = null | undefined | string | number | boolean | Date | ServiceObject | Value[] | Fields
export interface Fields {
  [key: string]: Value
}
export type Method = (...args: Value[]) => Value | void | Promise<Value | void>
/** Such as `SpreadsheetApp.ProtectionType.SHEET`, which is the text SHEET here. */
export type Constants = Record<string, string | Record<string, string>>

export interface ServiceMembers {
  reads?: Record<string, Method>
  /** What changes something. In a custom function the document is only read. */
  writes?: Record<string, Method>
  constants?: Constants
  /** Methods that need another permission than the rest. */
  elsewhere?: Record<string, Room>
}

/** An object of a service as a script sees it: its methods run here, outside of the script. */
export class ServiceObject {
  readonly name: string
  readonly room: Room
  readonly members: ServiceMembers
  constructor(name: string, room: Room, members: ServiceMembers) {
    this.name = name
    this.room = room
    this.members = members
  }
  method(name: string): { run: Method; writes: boolean; room: Room } | null {
    const { reads = {}, writes = {}, elsewhere = {} } = this.members
    const room = elsewhere[name] ?? this.room
    if (Object.hasOwn(reads, name)) return { run: reads[name]!, writes: false, room }
    return Object.hasOwn(writes, name) ? { run: writes[name]!, writes: true, room } : null
  }
  methodNames(): string[] {
    return [...Object.keys(this.members.reads ?? {}), ...Object.keys(this.members.writes ?? {})]
  }
}

/** What a service throws into the script. */
export class ScriptException extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'Exception'
  }
}

/** One run of one function, as the services know it. */
export interface Execution {
  /** Who is at the keyboard: quotas are theirs. */
  readonly user: string
  /** Whose user properties, cache and lock are meant: in a custom function the owner of the spreadsheet. */
  readonly storeUser: string
  readonly spreadsheetId: string
  readonly mode: Mode
  /** The world's clock. */
  now(): number
  /** Lets time pass for this execution, and for the world, without waiting. */
  pass(ms: number): void
  /** @throws {ScriptException} when the user's daily quota of this service is used up. */
  spend(service: 'urlfetch' | 'properties', calls: number): void
  /** Runs when the execution is over, however it ended. */
  onEnd(act: () => void): void
}

export function asText(value: Value): string {
  if (typeof value === 'string') return value
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  throw mismatch(value)
}

export function asWhole(value: Value): number {
  const number = typeof value === 'string' ? Number(value) : value
  if (typeof number !== 'number' || !Number.isFinite(number)) throw mismatch(value)
  return Math.trunc(number)
}

export function asList(value: Value): Value[] {
  if (!Array.isArray(value)) throw mismatch(value)
  return value
}

export function isFields(value: Value): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !isLeaf(value)
}

function isLeaf(value: object): value is Date | ServiceObject {
  return value instanceof Date || value instanceof ServiceObject
}

export function asFields(value: Value): Fields {
  if (!isFields(value)) throw mismatch(value)
  return value
}

export function mismatch(value: Value): ScriptException {
  const kind = value instanceof ServiceObject ? value.name : value === null ? 'null' : typeof value
  return new ScriptException(`The parameters (${kind}) don't match the method signature.`)
}
