/** Who is asked first for what. One list a kind of question and country; `*` stands for every country without a list of its own. */
import type { Country } from '../../shared/country.ts'
import { failure, FailureError } from '../../shared/error-codes.ts'
import { EMBEDDED_NAME, type Inquiry } from './provider.ts'
import { isUpstreamName, UPSTREAM_NAMES } from './upstream.ts'

type Kind = Inquiry['kind']

/** `kind.country` → names of providers, first choice first. */
export type Routing = ReadonlyMap<string, readonly string[]>

const KINDS: readonly Kind[] = ['classify', 'tariff', 'lookup']

// National lines before six digits; the tariff book before anybody who charges for what it knows.
const DEFAULT_ROUTING: Readonly<Record<string, readonly string[]>> = {
  'classify.CA': ['jiayou', 'glopal'],
  'classify.CN': ['hsciq', 'glopal'],
  'classify.JP': ['hsciq', 'glopal'],
  'classify.US': ['hsciq', 'glopal'],
  'classify.*': ['glopal'],
  'tariff.*': [EMBEDDED_NAME],
  'lookup.*': ['hsciq', 'tradewind', 'juhe'],
}

/** @returns names in the order they are asked; the embedded provider only where the list names it. */
export function orderFor(routing: Routing, kind: Kind, country: Country | null): readonly string[] {
  return (country === null ? undefined : routing.get(`${kind}.${country}`)) ?? routing.get(`${kind}.*`) ?? []
}

/**
 * Reads the setting ROUTING, such as `classify.CA=glopal,jiayou;tariff.CN=hsciq,embedded`. What it does not name stays as it is.
 * @throws {FailureError} `bad-setting`
 */
export function readRouting(text: string): Routing {
  const routing = new Map(Object.entries(DEFAULT_ROUTING))
  const named = new Set<string>()
  for (const part of text.split(';').map((piece) => piece.trim())) {
    if (part === '') continue
    const [place = '', names = '', ...more] = part.split('=').map((piece) => piece.trim())
    const [kind = '', country = '', ...deeper] = place.split('.')
    if (!KINDS.some((known) => known === kind) || !/^(?:[A-Z]{2}|\*)$/.test(country) || deeper.length > 0) {
      throw badRouting(`"${place}" is not a place such as classify.CA or lookup.*`)
    }
    if (more.length > 0) throw badRouting(`"${part}" has more than one =; places are parted by ;`)
    if (named.has(place)) throw badRouting(`"${place}" stands twice`)
    named.add(place)
    const list = names.split(',').map((name) => name.trim())
    const [twice] = list.filter((name, at) => list.indexOf(name) !== at)
    if (twice !== undefined) throw badRouting(`"${twice}" stands twice in ${place}`)
    for (const name of list) {
      if (name !== EMBEDDED_NAME && !isUpstreamName(name)) {
        throw badRouting(`"${name}" is not one of ${[...UPSTREAM_NAMES, EMBEDDED_NAME].join(', ')}`)
      }
    }
    routing.set(place, list)
  }
  return routing
}

function badRouting(detail: string): FailureError {
  return new FailureError(failure('bad-setting', { name: 'ROUTING', detail }))
}
