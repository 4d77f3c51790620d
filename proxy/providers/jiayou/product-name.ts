/** The only thing jiayou is told of the goods: one product name. Facts stand in it, because its API has no other place for them. */
import { normaliseDescription } from '../../../shared/read-cell.ts'
import type { ClassifyInquiry, Facts } from '../provider.ts'

/** Of one product name, in UTF-16 units: never fewer than the characters the document counts. */
export const NAME_CHARACTERS_MAX = 512
/** Of one call. */
export const NAMES_MAX = 500

const FACTS = ['material', 'use', 'gender', 'category'] as const satisfies readonly (keyof Facts)[]

/**
 * The description, then the facts that were given, always in the same order: `T-shirt; material: cotton; gender: men`.
 * It may come out longer than {@link NAME_CHARACTERS_MAX}; it is never cut, since the answer would pass for one that knew the facts.
 */
export function productName({ description, facts }: ClassifyInquiry): string {
  const parts = FACTS.flatMap((fact) => (facts[fact] === '' ? [] : [`${fact}: ${facts[fact]}`]))
  // Half of a pair is no character, and one such name would make the whole request unreadable.
  return normaliseDescription([description, ...parts].join('; ').replaceAll(/\p{Surrogate}/gu, ''))
}

/**
 * What a name in a reply is recognised by. Case is folded: the document does not say whether its removal of duplicates minds it, and
 * goods do not change with it.
 */
export function nameKey(name: string): string {
  return normaliseDescription(name).toLowerCase()
}
