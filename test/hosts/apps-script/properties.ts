/** PropertiesService: small texts that stay. Sizes: developers.google.com/apps-script/guides/services/quotas */
import { asFields, asText, ScriptException, ServiceObject, type Execution } from './service.ts'

const VALUE_BYTES_MAX = 9 * 1024
const STORE_BYTES_MAX = 500 * 1024

/** Texts by key. One a script, one a user, one a document. */
export type PropertyStore = Map<string, string>

export interface PropertyStores {
  script: PropertyStore
  /** By user. */
  user: (user: string) => PropertyStore
  document: (spreadsheetId: string) => PropertyStore
}

export function propertiesService(stores: PropertyStores, execution: Execution): ServiceObject {
  const { storeUser, spreadsheetId, mode } = execution
  const reads = {
    getScriptProperties: () => properties(stores.script, execution, true),
    getUserProperties: () => properties(stores.user(storeUser), execution, mode !== 'CUSTOM_FUNCTION'),
    getDocumentProperties: () => properties(stores.document(spreadsheetId), execution, true),
  }
  return new ServiceObject('PropertiesService', 'properties', { reads })
}

function properties(store: PropertyStore, execution: Execution, mayWrite: boolean): ServiceObject {
  const spend = (): void => execution.spend('properties', 1)
  const change = (act: () => void): ServiceObject => {
    if (!mayWrite) throw new ScriptException('You do not have permission to call setProperty')
    spend()
    act()
    return object
  }
  const object: ServiceObject = new ServiceObject('Properties', 'properties', {
    reads: {
      getProperty(key) {
        spend()
        return store.get(asText(key)) ?? null
      },
      getProperties() {
        spend()
        return Object.fromEntries(store)
      },
      getKeys() {
        spend()
        return [...store.keys()]
      },
    },
    writes: {
      setProperty: (key, value) => change(() => put(store, [[asText(key), asText(value)]])),
      setProperties: (values, deleteAllOthers = false) =>
        change(() => {
          const entries = Object.entries(asFields(values)).map(([key, value]): [string, string] => [key, asText(value)])
          if (deleteAllOthers === true) store.clear()
          put(store, entries)
        }),
      deleteProperty: (key) => change(() => store.delete(asText(key))),
      deleteAllProperties: () => change(() => store.clear()),
    },
  })
  return object
}

/** All or nothing. */
function put(store: PropertyStore, entries: [string, string][]): void {
  if (entries.some(([, value]) => Buffer.byteLength(value) > VALUE_BYTES_MAX)) {
    throw new ScriptException('Argument too large: value')
  }
  const after = new Map([...store, ...entries])
  let bytes = 0
  for (const [key, value] of after) bytes += Buffer.byteLength(key) + Buffer.byteLength(value)
  if (bytes > STORE_BYTES_MAX) {
    throw new ScriptException(
      'You have exceeded the property storage quota. Please remove some properties and try again.',
    )
  }
  for (const [key, value] of entries) store.set(key, value)
}
