/** What Glopal is asked: one product for each text with its facts, however many countries and cells ask for it. */
import type { ClassifyInquiry, Facts } from '../provider.ts'

/** As it stands in the request. A country has no place in it: the answer is the subheading, the same everywhere. */
export interface Product {
  title: string
  description: string
  category?: string[]
  materials?: string[]
  gender?: 'F' | 'M'
}

/** Glopal's document gives a product no field for its use, and no length of a title: the use stands behind the description. */
export function toProduct({ description, facts }: Pick<ClassifyInquiry, 'description' | 'facts'>): Product {
  const gender = readGender(facts)
  return {
    title: description,
    description: facts.use === '' ? description : `${description}, ${facts.use}`,
    ...(facts.category === '' ? {} : { category: [facts.category] }),
    ...(facts.material === '' ? {} : { materials: [facts.material] }),
    ...(gender === null ? {} : { gender }),
  }
}

const WOMEN = new Set(
  'f|female|woman|women|womens|lady|ladies|girl|girls|femme|femmes|fille|filles|dame|dames|女|女士|女式|女装|女性|女童'.split(
    '|',
  ),
)
const MEN = new Set(
  'm|male|man|men|mens|gentleman|gentlemen|boy|boys|homme|hommes|garçon|garçons|男|男士|男式|男装|男性|男童'.split('|'),
)

/** The document shows F, and M stands beside it; what is neither ("unisex") is left out, as it shows no word for it. */
function readGender({ gender }: Facts): 'F' | 'M' | null {
  const word = gender.toLowerCase().replaceAll(/['’.\s]/g, '')
  if (WOMEN.has(word)) return 'F'
  return MEN.has(word) ? 'M' : null
}
