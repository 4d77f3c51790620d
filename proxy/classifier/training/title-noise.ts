/** What sellers put around the name of the goods. Shown with short terms of any code, it comes to say nothing. */
import type { Example } from './examples.ts'
import type { Random } from './random.ts'

const BEFORE = `
  new, hot sale, 2025, premium, fashion, luxury, cute, vintage, wholesale, high quality, portable, mini, small, large, black, white,
  pink, blue, red, green, 3 pcs, 10pcs, 2 pack, universal, professional, classic, waterproof, outdoor, foldable, adjustable, gift,
  summer, winter, kids, women, men, handmade, heavy duty, creative, modern, custom, multifunctional
`
const AFTER = `
  new arrival, for women, for men, for kids, for home, for outdoor, for kitchen, for travel, for office, gift, birthday gift,
  christmas gift, black, white, gray, green, pink, XL, size M, large, 2 pcs, 5 pieces, set of 3, pack of 10, 100g, 500ml, 10cm,
  30 x 40 cm, 1kg, high quality, with box, with free gift, hot sale, wholesale, adjustable, portable, home decoration
`
const WORDS_MAX = 6
const ADDITIONS_MAX = 3

const before = phrases(BEFORE)
const after = phrases(AFTER)

/** The term as it is, or, for `share` of the short ones, as a title. */
export function withTitleNoise(
  { text, isTerm }: Pick<Example, 'text' | 'isTerm'>,
  share: number,
  random: Random,
): string {
  if (!isTerm || random.fraction() >= share || text.split(' ').length > WORDS_MAX) return text
  let title = text
  for (let additions = 1 + random.below(ADDITIONS_MAX); additions > 0; additions--) {
    if (random.fraction() < 0.5) title = `${random.pick(before)} ${title}`
    else title = `${title}${random.fraction() < 0.3 ? ',' : ''} ${random.pick(after)}`
  }
  return title
}

function phrases(list: string): string[] {
  return list.split(',').map((phrase) => phrase.trim())
}
