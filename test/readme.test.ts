import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { rootFolder } from '../proxy/root-folder.ts'
import { OAUTH_SCOPES } from '../sheets-addon/build.ts'
import { FUNCTION_NAMES, functionSpec } from '../shared/functions.ts'
import { OPTION_KEYS } from '../shared/options.ts'

const readme = readFileSync(join(rootFolder(), 'README.md'), 'utf8')

test('the README shows one example cell and the summary of every function, as the catalogue has them', () => {
  const table = /<!-- functions:.*?-->\n\| type this \| and get \|\n\|---\|---\|\n(.*)<!-- \/functions -->/s.exec(
    readme,
  )?.[1]
  const rows = FUNCTION_NAMES.map((name) => {
    const spec = functionSpec(name)
    return `| \`${spec.example}\` | ${spec.summary.en} |\n`
  })
  expect(table).toBe(rows.join(''))
})

test('the README names every option', () => {
  for (const key of OPTION_KEYS) expect(readme, key).toContain(`${key}=`)
})

test('every script and file the README names exists', () => {
  const { scripts } = JSON.parse(readFileSync(join(rootFolder(), 'package.json'), 'utf8')) as {
    scripts: Record<string, string>
  }
  for (const [, name = ''] of readme.matchAll(/npm run (?:-s )?([\w:]+)/g)) expect(scripts, name).toHaveProperty([name])
  for (const [, path = ''] of readme.matchAll(/\]\(([\w./-]+)\)/g))
    expect(existsSync(join(rootFolder(), path)), path).toBe(true)
})

test('the README lists the scopes that the Google Sheets add-on asks for: consent screen and Marketplace must have the same', () => {
  const listed = readme.match(/https:\/\/www\.googleapis\.com\/auth\/\S+/g)
  expect(listed).toEqual(OAUTH_SCOPES)
})
