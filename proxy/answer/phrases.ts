/** Short phrases that stand inside sentences, in every language of the product. */
import type { Language, Localised } from '../../shared/language.ts'
import type { MissingFact, VagueReason } from '../providers/provider.ts'

export const MISSING_FACT_PHRASES: Record<MissingFact, Localised> = {
  material: { en: 'Say the material.', zh: '请注明材质。', fr: 'Précisez la matière.' },
  use: { en: 'Say what it is used for.', zh: '请注明用途。', fr: 'Précisez l’usage.' },
  gender: {
    en: 'Say for whom: men, women, children or babies.',
    zh: '请注明男用、女用、童用或婴儿用。',
    fr: 'Précisez pour qui : homme, femme, enfant ou bébé.',
  },
  construction: {
    en: 'Say how it is made: knitted, woven, moulded.',
    zh: '请注明制法：针织、机织、模制等。',
    fr: 'Précisez la fabrication : maille, tissé, moulé.',
  },
  state: {
    en: 'Say its state: fresh, frozen, dried, prepared.',
    zh: '请注明状态：鲜、冻、干、制作或保藏。',
    fr: 'Précisez l’état : frais, congelé, séché, préparé.',
  },
  size: {
    en: 'Say its size, weight or power.',
    zh: '请注明尺寸、重量或功率。',
    fr: 'Précisez la taille, le poids ou la puissance.',
  },
  'part-of': {
    en: 'Say which machine or article it belongs to.',
    zh: '请注明所属的机器或物品。',
    fr: 'Précisez à quelle machine ou quel article il appartient.',
  },
  kind: { en: 'Say more exactly what it is.', zh: '请更具体地说明是什么。', fr: 'Précisez de quoi il s’agit.' },
}

export const VAGUE_PHRASES: Record<VagueReason, Localised> = {
  'part-of-what': {
    en: 'parts and accessories follow what they belong to. Say of which machine or article',
    zh: '零件和附件按其所属物品归类，请注明属于什么',
    fr: 'les parties suivent ce à quoi elles appartiennent. Dites de quelle machine ou de quel article',
  },
  'what-goods': {
    en: 'the text does not say what the goods are. Name the product and its material',
    zh: '文本没有说明是什么商品，请写明品名和材质',
    fr: 'le texte ne dit pas ce que sont les marchandises. Nommez le produit et sa matière',
  },
  'unknown-words': {
    en: 'none of these words is known here. Name the product in common words, with its material and use',
    zh: '这些词均无法识别，请用常用词写明品名、材质和用途',
    fr: 'aucun de ces mots n’est connu ici. Nommez le produit en mots courants, avec sa matière et son usage',
  },
  'mixed-goods': {
    en: 'several goods in one text. Give each its own row',
    zh: '一个文本中有多种商品，请每种商品一行',
    fr: 'plusieurs marchandises dans un texte. Une ligne pour chacune',
  },
}

/** @param day as 2026-11-29. */
export const APPROVED_PHRASE: Record<Language, (by: string, day: string) => string> = {
  en: (by, day) => `Approved by ${by} on ${day}.`,
  zh: (by, day) => `由 ${by} 于 ${day} 确认。`,
  fr: (by, day) => `Approuvé par ${by} le ${day}.`,
}
