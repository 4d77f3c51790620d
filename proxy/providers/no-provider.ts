/** That nobody who is connected answers a question, and what would help. */
import type { Country } from '../../shared/country.ts'
import { failure, type Failure } from '../../shared/error-codes.ts'
import type { Localised } from '../../shared/language.ts'

/** @param country null: none was asked for. */
export function noProvider(fn: string, country: Country | null, advice: Localised | '' = ''): Failure {
  const place = country === null ? '' : { en: ` for ${country}`, zh: `（${country}）`, fr: ` pour ${country}` }
  return failure('no-provider', { fn, place, advice })
}

/** @param names upstreams that would answer, the one to connect first. */
export function connectAdvice(names: readonly [string, ...string[]]): Localised {
  const command = `npm run admin -- credentials set ${names[0]}`
  return {
    en: `Connect ${names.join(' or ')}: ${command}`,
    zh: `请连接 ${names.join(' 或 ')}：${command}`,
    fr: `Connectez ${names.join(' ou ')} : ${command}`,
  }
}
