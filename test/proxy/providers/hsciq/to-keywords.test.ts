import { describe, expect, test } from 'vitest'
import { toKeywords, toKeywordsWithFacts } from '../../../../proxy/providers/hsciq/to-keywords.ts'

describe('the keywords of a description', () => {
  test.each([
    ['Bicycle', 'Bicycle'],
    ['T-shirt, cotton, knitted', 'T-shirt'],
    ['steel screws (M8 x 40)', 'steel screws'],
    ['phone case for iPhone 15', 'phone case'],
    ['water bottle with straw', 'water bottle'],
    ['塑料软管；用于灌溉', '塑料软管'],
    ['手机壳（硅胶）', '手机壳'],
    ['自行车，铝合金', '自行车'],
  ])('end where the goods are named: %s → %s', (description, keywords) => {
    expect(toKeywords(description)).toBe(keywords)
  })

  test.each([
    ['100% cotton t-shirt', 'cotton t-shirt'],
    ['2.4GHz wireless mouse', 'wireless mouse'],
    ['garden hose 5/8 in', 'garden hose'],
    ['500ml不锈钢保温杯', '不锈钢保温杯'],
    ['304不锈钢螺钉', '不锈钢螺钉'],
    ['LED灯泡10W', 'LED灯泡'],
    ['电动自行车26寸', '电动自行车'],
    ['1/2 inch garden hose', 'garden hose'],
    ['USB cable 2 m', 'USB cable'],
    ['12 V 5 A power supply', 'power supply'],
    ['20x30 cm picture frame', 'picture frame'],
  ])('leave numbers and units out: %s → %s', (description, keywords) => {
    expect(toKeywords(description)).toBe(keywords)
  })

  test.each([['3D printer'], ['A4 paper'], ['5G手机'], ['4K television'], ['3M tape'], ['vitamin B12 tablets']])(
    'keep a number that is part of a name: %s',
    (description) => {
      expect(toKeywords(description)).toBe(description)
    },
  )

  test('are at most six words and 24 characters, the last ones: the noun stands at the end', () => {
    expect(toKeywords('stainless steel vacuum insulated water bottle')).toBe('insulated water bottle')
    expect(toKeywords('a b c d e f g')).toBe('b c d e f g')
    expect(toKeywords('儿童纯棉短袖圆领卡通印花夏季薄款透气吸汗针织上衣T恤衫')).toHaveLength(24)
    expect(toKeywords('x'.repeat(60))).toBe('x'.repeat(24))
  })

  test('cut no character in two', () => {
    expect(toKeywords('𠮷'.repeat(30))).toBe('𠮷'.repeat(24))
  })

  test('are never empty where there is a word', () => {
    expect(toKeywords('(new) sports shoes')).toBe('sports shoes')
    expect(toKeywords(', shoes')).toBe('shoes')
    expect(toKeywords('5 kg')).toBe('5 kg')
    expect(toKeywords('（丙酮）')).toBe('丙酮')
    expect(toKeywords('')).toBe('')
  })

  test('take no longer for a hostile text', () => {
    expect(toKeywords('1x'.repeat(250)).length).toBeLessThanOrEqual(24)
    expect(toKeywords('('.repeat(500)).length).toBeLessThanOrEqual(24)
  })
})

describe('the facts beside a description', () => {
  const NO_FACTS = { material: '', use: '', gender: '', category: '' }
  const withFacts = (description: string, facts: Partial<typeof NO_FACTS>) =>
    toKeywordsWithFacts(description, { ...NO_FACTS, ...facts })

  test.each([
    ['T-shirt, knitted', {}, 'T-shirt'],
    ['T-shirt, knitted', { material: 'cotton' }, 'cotton T-shirt'],
    ['shirt', { material: 'cotton', gender: 'women' }, 'women cotton shirt'],
    ['衬衫', { material: '棉', gender: '女' }, '女 棉 衬衫'],
  ])('stand before the noun: %s %j → %s', (description, facts, keywords) => {
    expect(withFacts(description, facts)).toBe(keywords)
  })

  test.each([
    ['Cotton T-shirt', { material: 'cotton' }, 'Cotton T-shirt'],
    ['女士棉衬衫', { material: '棉', gender: '女' }, '女士棉衬衫'],
    ['women shirt', { gender: 'men' }, 'men women shirt'],
  ])('are not said twice, and one word is not part of another: %s %j → %s', (description, facts, keywords) => {
    expect(withFacts(description, facts)).toBe(keywords)
  })

  test.each([
    ['shirt', { use: 'sport' }],
    ['shirt', { category: 'clothes' }],
    ['shirt', { material: 'cotton', use: 'sport' }],
    ['insulated water bottle', { material: 'steel' }],
    ['shirt', { material: 'polyester with elastane' }],
    ['a b c d e', { material: 'x', gender: 'y' }],
    ['塑料软管', { material: '聚'.repeat(20) }],
  ])('that find no room are never left out: %s %j has no keywords', (description, facts) => {
    expect(withFacts(description, facts)).toBeNull()
  })
})
