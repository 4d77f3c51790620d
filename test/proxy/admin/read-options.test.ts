import { expect, test } from 'vitest'
import { helpOf, needed, readOptions, type Guide } from '../../../proxy/admin/read-options.ts'
import { sentence } from '../../../shared/error-codes.ts'
import { LANGUAGES } from '../../../shared/language.ts'
import { typed } from '../../hosts/typed.ts'

const GUIDE: Guide<'url' | 'no-wait'> = {
  name: 'tea:make',
  does: 'makes tea.',
  options: {
    url: { value: '<address>', what: { en: 'where the pot is', zh: '茶壶的位置', fr: 'où est la théière' } },
    'no-wait': { value: null, what: { en: 'at once', zh: '立即', fr: 'tout de suite' } },
  },
  example: '--url https://tea.example.com',
}

test('options are read in either way of writing them, the last of two', () => {
  expect(readOptions(GUIDE, typed())).toEqual({})
  expect(readOptions(GUIDE, typed('--url', 'a', '--no-wait'))).toEqual({ url: 'a', 'no-wait': '' })
  expect(readOptions(GUIDE, typed('--url=-a', '--url=b'))).toEqual({ url: 'b' })
})

test.each([['--help'], ['-h'], ['--urk', 'x', '--help']])('%j asks for help, whatever else stands there', (...args) => {
  expect(readOptions(GUIDE, typed(...args))).toBe('help')
})

test('help says what the command is for, what each option is, and gives an example', () => {
  expect(helpOf(GUIDE)).toBe(`npm run tea:make: makes tea.

  --url <address>  where the pot is
  --no-wait        at once
  --help           shows this

For example: npm run tea:make -- --url https://tea.example.com
`)
})

test('what is missing is named, with what it is and an example, in every language', () => {
  const said = LANGUAGES.map((language) => sentence(needed(GUIDE, 'url').failure, language))
  expect(said[0]).toBe(
    'TC-637 npm run tea:make needs --url <address>: where the pot is. For example: npm run tea:make -- --url https://tea.example.com',
  )
  expect(said[1]).toMatch(/^TC-637 .*--url <address>：茶壶的位置。/)
  expect(said[2]).toMatch(/^TC-637 .*où est la théière/)
})

test.each([
  [['--url'], /^TC-637 .* needs --url <address>/],
  [['--url='], /^TC-637 /],
  [['--url', '--no-wait'], /^TC-637 .* needs --url <address>/],
  [['--uri', 'a'], /^TC-638 .* has no option --uri\. It has --url, --no-wait, --help\./],
  [['-u', 'a'], /^TC-638 .* has no option -u\./],
  // What every object has.
  [['--constructor', 'a'], /^TC-638 .* --constructor\./],
  [['--no-wait=yes'], /^TC-621 .* "yes"/],
  [['--url', 'a', 'b'], /^TC-621 .* "b" .*--help$/],
])('%j is refused, and what is wrong is named', (args, said) => {
  expect(() => readOptions(GUIDE, typed(...args))).toThrow(said)
})

test('an option that npm kept, for want of the -- before it, is missed as just that', () => {
  const said =
    /^TC-639 npm kept --url for itself.* Write -- before the options: npm run tea:make -- --url https:\/\/tea\.example\.com$/
  expect(() => readOptions(GUIDE, { args: ['https://a'], environment: { npm_config_url: 'true' } })).toThrow(said)
  expect(() => readOptions(GUIDE, { args: [], environment: { npm_config_wait: '' } })).toThrow(/^TC-639 .*--no-wait/)
  // npm sets some by itself.
  for (const npm_config_url of ['', 'false'])
    expect(readOptions(GUIDE, { args: [], environment: { npm_config_url, npm_config_wait: 'true' } })).toEqual({})
  // It reached the command too.
  expect(readOptions(GUIDE, { args: ['--url=a'], environment: { npm_config_url: 'b' } })).toEqual({ url: 'a' })
})
