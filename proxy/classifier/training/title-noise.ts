/** What sellers put around the name of the goods. Shown with short terms of any code, it comes to say nothing. */
import type { Language } from '../../../shared/language.ts'
import type { Example } from './examples.ts'
import type { Random } from './random.ts'

interface Noise {
  before: readonly string[]
  after: readonly string[]
  /** Between the name and what is put around it. */
  gap: string
}

const NOISE: Record<Language, Noise> = {
  en: {
    before: phrases(`
      new, hot sale, 2025, premium, fashion, luxury, cute, vintage, wholesale, high quality, portable, mini, small, large, black, white,
      pink, blue, red, green, 3 pcs, 10pcs, 2 pack, universal, professional, classic, waterproof, outdoor, foldable, adjustable, gift,
      summer, winter, kids, women, men, handmade, heavy duty, creative, modern, custom, multifunctional
    `),
    after: phrases(`
      new arrival, for women, for men, for kids, for home, for outdoor, for kitchen, for travel, for office, gift, birthday gift,
      christmas gift, black, white, gray, green, pink, XL, size M, large, 2 pcs, 5 pieces, set of 3, pack of 10, 100g, 500ml, 10cm,
      30 x 40 cm, 1kg, high quality, with box, with free gift, hot sale, wholesale, adjustable, portable, home decoration
    `),
    gap: ' ',
  },
  zh: {
    before: phrases(`
      新款, 热卖, 2025, 高级, 时尚, 可爱, 复古, 批发, 高品质, 便携, 迷你, 大号, 小号, 黑色, 白色, 粉色, 蓝色, 红色, 绿色, 3件装, 通用, 专业,
      经典, 防水, 户外, 折叠, 可调节, 夏季, 冬季, 儿童, 女士, 男士, 手工, 创意, 现代, 定制, 多功能, 跨境, 家用, 厂家直销
    `),
    after: phrases(`
      新品, 女士用, 男士用, 儿童用, 家用, 户外用, 厨房用, 旅行用, 办公用, 礼物, 生日礼物, 圣诞礼物, 黑色, 白色, 灰色, 绿色, XL码, 大号, 2件,
      5件套, 10个装, 100克, 500毫升, 10厘米, 30x40厘米, 1公斤, 高品质, 带盒, 热卖, 批发, 可调节, 便携
    `),
    gap: '',
  },
  fr: {
    before: phrases(`
      nouveau, promo, 2025, premium, mode, luxe, vintage, en gros, haute qualité, mini, petit, grand, lot de 3, 10 pièces, professionnel,
      classique, été, hiver, artisanal, moderne, original
    `),
    after: phrases(`
      neuf, pour femme, pour homme, pour enfant, pour la maison, pour la cuisine, pour le voyage, pour le bureau, d’extérieur, cadeau,
      cadeau d’anniversaire, cadeau de Noël, noir, blanc, gris, vert, rose, bleu, rouge, taille M, XL, grand modèle, 2 pièces, lot de 5,
      paquet de 10, 100 g, 500 ml, 10 cm, 30 x 40 cm, 1 kg, haute qualité, avec boîte, en gros, réglable, portable, pliable, étanche
    `),
    gap: ' ',
  },
}
const WORDS_MAX = 6
const ADDITIONS_MAX = 3

/** The term as it is, or, for `share` of the short ones, as a title. */
export function withTitleNoise(
  { text, isTerm, language }: Pick<Example, 'text' | 'isTerm' | 'language'>,
  share: number,
  random: Random,
): string {
  if (!isTerm || random.fraction() >= share || text.split(' ').length > WORDS_MAX) return text
  const { before, after, gap } = NOISE[language]
  let title = text
  for (let additions = 1 + random.below(ADDITIONS_MAX); additions > 0; additions--) {
    if (random.fraction() < 0.5) title = `${random.pick(before)}${gap}${title}`
    else title = `${title}${random.fraction() < 0.3 ? ',' : ''}${gap}${random.pick(after)}`
  }
  return title
}

function phrases(list: string): string[] {
  return list.split(',').map((phrase) => phrase.trim())
}
