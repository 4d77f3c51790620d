import { expect, test } from 'vitest'

import { missingFact, type MissingFact } from '../../../proxy/classifier/missing-fact.ts'
import { tokensOf } from '../../../proxy/classifier/tokens.ts'

test.each<[string, string, string, MissingFact]>([
  ['shirt', 'Cotton shirts', 'Polyester shirts', 'material'],
  ['cotton shirt', 'Cotton shirts', 'Polyester shirts', 'kind'],
  ['coat', "Men's coats", "Women's coats", 'gender'],
  ["men's coat", "Men's coats, knitted", "Women's coats, woven", 'construction'],
  ['salmon', 'Salmon, fresh', 'Salmon, frozen', 'state'],
  ['beans', 'Coffee', 'Coffee, roasted', 'state'],
  ['refrigerator', 'Freezers up to 800 litres', 'Freezers over 800 litres', 'size'],
  ['fabric', 'Cloth over 200 g', 'Cloth under 200 g', 'size'],
  ['mouse', 'Computer input units', 'Machines weighing 10 kg or less', 'kind'],
  ['oven', 'Household ovens', 'Industrial ovens', 'use'],
  ['piston', 'Parts of engines', 'Parts of compressors', 'part-of'],
  ['piston for car', 'Parts of engines', 'Parts of compressors', 'kind'],
  ['pump', 'Pumps', 'Parts of pumps', 'kind'],
  ['apple', 'Apples', 'Pears', 'kind'],
])('%s, "%s" or "%s": %s', (description, own, rival, fact) => {
  expect(missingFact(own, rival, tokensOf(description))).toBe(fact)
})
