import { expect, test } from 'vitest'
import { createRandom } from '../../../../proxy/classifier/training/random.ts'
import { withTitleNoise } from '../../../../proxy/classifier/training/title-noise.ts'
import type { Language } from '../../../../shared/language.ts'

const HAN = /\p{Script=Han}/u

test.each<[Language, string, RegExp]>([
  ['en', 'garden hose', /^[\w\s,]*garden hose[\w\s,]*$/],
  ['zh', '花园水管', /^[\p{Script=Han}\w,]*花园水管[\p{Script=Han}\w,]*$/u],
  ['fr', 'tuyau d’arrosage', /^[\p{Script=Latin}\d\s,’]*tuyau d’arrosage[\p{Script=Latin}\d\s,’]*$/u],
])('what is put around a term in %s is in that language', (language, text, expected) => {
  const random = createRandom(7)
  const titles = Array.from({ length: 200 }, () => withTitleNoise({ text, isTerm: true, language }, 1, random))
  expect(new Set(titles).size).toBeGreaterThan(100)
  for (const title of titles) {
    expect(title).toMatch(expected)
    expect(HAN.test(title)).toBe(language === 'zh')
    expect(title).not.toBe(text)
  }
})

test('labels and the share that is not asked for stay as they are', () => {
  const random = createRandom(7)
  const label = { text: '自行车', isTerm: false, language: 'zh' } as const
  expect(withTitleNoise(label, 1, random)).toBe('自行车')
  expect(withTitleNoise({ ...label, isTerm: true }, 0, random)).toBe('自行车')
})
