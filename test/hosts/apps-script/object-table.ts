/** What goes over the wire, on the side of the services; context-side.ts is the other side. */
import { ServiceObject, type Value } from './service.ts'
import type { Tagged, Wire } from './wire.ts'

export interface ObjectTable {
  at(id: number): ServiceObject
  encode(value: Value): Wire
  decode(wire: Wire): Value
}

/** The objects that one execution holds, by the numbers that stand for them on the wire. */
export function createObjectTable(): ObjectTable {
  const byId: ServiceObject[] = []
  const ids = new Map<ServiceObject, number>()
  const described = new Set<string>()
  const at = (id: number): ServiceObject => {
    const object = byId[id]
    if (!object) throw new Error(`no object ${id}`)
    return object
  }
  return { at, encode, decode }

  function encode(value: Value): Wire {
    if (value === undefined) return { $: 'undefined' }
    if (value === null || typeof value !== 'object') return value
    if (Array.isArray(value)) return value.map(encode)
    if (value instanceof ServiceObject) return encodeObject(value)
    if (value instanceof Date) return { $: 'date', ms: value.getTime() }
    return { $: 'fields', fields: Object.fromEntries(Object.entries(value).map(([key, item]) => [key, encode(item)])) }
  }

  function encodeObject(object: ServiceObject): Tagged {
    const { name, members } = object
    const id = ids.get(object) ?? byId.push(object) - 1
    ids.set(object, id)
    if (described.has(name)) return { $: 'object', id, name }
    // What all objects of a name have in common is told with the first.
    described.add(name)
    return { $: 'object', id, name, members: { methods: object.methodNames(), constants: members.constants ?? {} } }
  }

  function decode(wire: Wire): Value {
    if (Array.isArray(wire)) return wire.map(decode)
    if (typeof wire !== 'object' || wire === null) return wire
    switch (wire.$) {
      case 'undefined':
        return undefined
      case 'date':
        return new Date(wire.ms)
      case 'object':
        return at(wire.id)
      case 'fields':
        return Object.fromEntries(Object.entries(wire.fields).map(([key, item]) => [key, decode(item)]))
    }
  }
}

/** What a function returns is plain: an object of a service has no life outside of the execution. */
export function plain(wire: Wire): unknown {
  return createObjectTable().decode(stripObjects(wire))
}

function stripObjects(wire: Wire): Wire {
  if (Array.isArray(wire)) return wire.map(stripObjects)
  if (typeof wire !== 'object' || wire === null) return wire
  if (wire.$ === 'object') return null
  if (wire.$ !== 'fields') return wire
  return {
    $: 'fields',
    fields: Object.fromEntries(Object.entries(wire.fields).map(([key, item]) => [key, stripObjects(item)])),
  }
}
