/** CacheService: texts that may be gone at any time. Sizes: developers.google.com/apps-script/reference/cache/cache */
import {
  asFields,
  asList,
  asText,
  asWhole,
  ScriptException,
  ServiceObject,
  type Execution,
  type Value,
} from './service.ts'

const KEY_LENGTH_MAX = 250
const VALUE_BYTES_MAX = 100 * 1024
const TTL_SECONDS = 600
const TTL_SECONDS_MAX = 21_600
const ITEMS_MAX = 1000
/** What is left when there are more: those that would have stayed longest. */
const ITEMS_LEFT = 900

export type CacheStore = Map<string, { value: string; untilMs: number }>

export interface CacheStores {
  script: CacheStore
  user: (user: string) => CacheStore
  document: (spreadsheetId: string) => CacheStore
}

export function cacheService(stores: CacheStores, execution: Execution): ServiceObject {
  const reads = {
    getScriptCache: () => cache(stores.script, execution),
    getUserCache: () => cache(stores.user(execution.storeUser), execution),
    getDocumentCache: () => cache(stores.document(execution.spreadsheetId), execution),
  }
  return new ServiceObject('CacheService', 'store', { reads })
}

function cache(store: CacheStore, execution: Execution): ServiceObject {
  const get = (key: string): string | null => {
    const item = store.get(checkedKey(key))
    if (!item || item.untilMs > execution.now()) return item?.value ?? null
    store.delete(key)
    return null
  }
  const putAll = (entries: [string, Value][], expirationInSeconds: Value): void => {
    const seconds = expirationInSeconds === undefined ? TTL_SECONDS : asWhole(expirationInSeconds)
    if (seconds < 1 || seconds > TTL_SECONDS_MAX) {
      throw new ScriptException(`Argument out of range: expirationInSeconds must be from 1 to ${TTL_SECONDS_MAX}`)
    }
    const items = entries.map(([key, value]): [string, string] => [checkedKey(key), asText(value)])
    if (items.some(([, value]) => Buffer.byteLength(value) > VALUE_BYTES_MAX)) {
      throw new ScriptException('Argument too large: value')
    }
    for (const [key, value] of items) store.set(key, { value, untilMs: execution.now() + seconds * 1000 })
    evict(store)
  }
  const reads = {
    get: (key: Value) => get(asText(key)),
    getAll(keys: Value) {
      const found = asList(keys).map((key): [string, string | null] => [asText(key), get(asText(key))])
      return Object.fromEntries(found.filter(([, value]) => value !== null))
    },
  }
  const writes = {
    put: (key: Value, value: Value, seconds: Value) => putAll([[asText(key), value]], seconds),
    putAll: (values: Value, seconds: Value) => putAll(Object.entries(asFields(values)), seconds),
    remove: (key: Value) => void store.delete(asText(key)),
    removeAll: (keys: Value) => asList(keys).forEach((key) => store.delete(asText(key))),
  }
  return new ServiceObject('Cache', 'store', { reads, writes })
}

function checkedKey(key: string): string {
  if (key === '' || key.length > KEY_LENGTH_MAX) throw new ScriptException('Argument too large: key')
  return key
}

function evict(store: CacheStore): void {
  if (store.size <= ITEMS_MAX) return
  const soonestFirst = [...store].sort(([, one], [, other]) => one.untilMs - other.untilMs)
  for (const [key] of soonestFirst.slice(0, store.size - ITEMS_LEFT)) store.delete(key)
}
