/** Which edition of each tariff the built-in book answers from: told by the source of free answers, which cost nothing to ask. */
import { TARIFF_COUNTRIES } from '../../country.ts'
import { isRefused, type ProxyApi, type Reply } from '../proxy-api.ts'

export interface DataEdition {
  country: string
  edition: string
}

// A heading that every tariff has.
const HEADING = '0101'

/** @returns the tariffs that are there; one that is not answers with a failure and is left out. */
export async function readEditions(api: Pick<ProxyApi, 'answers'>): Promise<Reply<{ editions: DataEdition[] }>> {
  const reply = await api.answers(
    TARIFF_COUNTRIES.map((country) => ({
      id: country,
      fn: 'HSDESC',
      args: [HEADING, country, 'en', 'provider=embedded'],
    })),
  )
  if (isRefused(reply)) return reply
  const found = new Map(reply.answers.map(({ id, source }) => [id, source?.edition]))
  const editions = TARIFF_COUNTRIES.flatMap((country) => {
    const edition = found.get(country)
    return edition === undefined ? [] : [{ country, edition }]
  })
  return { editions }
}
