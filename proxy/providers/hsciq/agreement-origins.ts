/**
 * Whose goods a column of China's agreement rates is for. HSCIQ keys them by names it does not list, so every known name inside a
 * key counts ("中国-东盟", "RCEP日本"), and a key with none is not understood rather than nobody's.
 */
import { parseCountry, type Country } from '../../../shared/country.ts'
import { isFailure } from '../../../shared/error-codes.ts'

const ASEAN = ['BN', 'ID', 'KH', 'LA', 'MM', 'MY', 'PH', 'SG', 'TH', 'VN'] as const

const ORIGINS: Readonly<Record<string, readonly Country[]>> = {
  东盟: ASEAN,
  asean: ASEAN,
  // Asia-Pacific Trade Agreement.
  亚太: ['BD', 'IN', 'KR', 'LA', 'LK', 'MN'],
  apta: ['BD', 'IN', 'KR', 'LA', 'LK', 'MN'],
  文莱: ['BN'],
  柬埔寨: ['KH'],
  印度尼西亚: ['ID'],
  印尼: ['ID'],
  老挝: ['LA'],
  马来西亚: ['MY'],
  缅甸: ['MM'],
  菲律宾: ['PH'],
  新加坡: ['SG'],
  泰国: ['TH'],
  越南: ['VN'],
  孟加拉: ['BD'],
  斯里兰卡: ['LK'],
  蒙古: ['MN'],
  智利: ['CL'],
  巴基斯坦: ['PK'],
  新西兰: ['NZ'],
  秘鲁: ['PE'],
  哥斯达黎加: ['CR'],
  冰岛: ['IS'],
  瑞士: ['CH', 'LI'],
  韩国: ['KR'],
  日本: ['JP'],
  澳大利亚: ['AU'],
  格鲁吉亚: ['GE'],
  毛里求斯: ['MU'],
  尼加拉瓜: ['NI'],
  厄瓜多尔: ['EC'],
  塞尔维亚: ['RS'],
  洪都拉斯: ['HN'],
  马尔代夫: ['MV'],
  香港: ['HK'],
  澳门: ['MO'],
  台湾: ['TW'],
}

/** Origins that have an agreement with China at all: for others it does not matter that a reply tells nothing of agreements. */
export const AGREEMENT_ORIGINS: ReadonlySet<Country> = new Set(Object.values(ORIGINS).flat())

/** @returns null when the key names nobody known here. */
export function originsOf(key: string): readonly Country[] | null {
  const lower = key.toLowerCase()
  const named = Object.entries(ORIGINS).flatMap(([name, origins]) => (lower.includes(name) ? origins : []))
  if (named.length > 0) return named
  // `newZealand`, `South Korea`
  const country = parseCountry(key.replaceAll(/([a-z])([A-Z])/g, '$1 $2'))
  return isFailure(country) || country === 'CN' ? null : [country]
}
