import type { Country } from '../country.ts'
import type { Language } from '../language.ts'

/** `CA Canada`, in the reader's language; the code alone where the browser knows no name. */
export function printCountry(country: Country, language: Language): string {
  const name = new Intl.DisplayNames([language], { type: 'region', fallback: 'none' }).of(country)
  return name === undefined ? country : `${country} ${name}`
}
