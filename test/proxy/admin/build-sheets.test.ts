import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { runBuildSheets } from '../../../proxy/admin/run-build-sheets.ts'
import { typed } from '../../hosts/typed.ts'

const URL_OPTION = ['--url', 'https://hs.example.com/']

test('npm run sheets:build writes what is pushed to Apps Script, for one proxy; the page loads nothing else', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'tariffcell-sheets-'))
  try {
    const out = join(folder, 'new')
    const printed: string[] = []
    await runBuildSheets(typed(...URL_OPTION, '--out', out), (text) => printed.push(text))
    expect(printed).toEqual([`Wrote ${out} for https://hs.example.com\n`])
    expect(readdirSync(out).sort()).toEqual(['Code.js', 'appsscript.json', 'sidebar.html'])
    expect(readFileSync(join(out, 'Code.js'), 'utf8')).toContain('https://hs.example.com')
    const page = readFileSync(join(out, 'sidebar.html'), 'utf8')
    // Neither ends the script in the middle of itself.
    expect(page.match(/<\/script/g)).toHaveLength(1)
    expect(page).not.toContain('<!--')
    expect(page).not.toMatch(/<(?:script|link|img)[^>]* (?:src|href)=/)
    // In the place of a folder stands a file.
    writeFileSync(join(folder, 'file'), '')
    await expect(runBuildSheets(typed(...URL_OPTION, '--out', join(folder, 'file')), () => undefined)).rejects.toThrow(
      /^TC-610 .*cannot be written \(EEXIST\)/,
    )
  } finally {
    rmSync(folder, { recursive: true })
  }
})

test.each([
  [[], /^TC-637 npm run sheets:build needs --url <address>: the https address /],
  [['--uri', 'https://hs.example.com'], /^TC-638 .* no option --uri/],
  [['--url', 'http://hs.example.com'], /^TC-617 .* over https only/],
  [['--url', 'https://hs.example.com/healthz'], /^TC-617 .* Type https:\/\/hs\.example\.com$/],
])('%j is refused, with what to do', async (args, sentence) => {
  await expect(runBuildSheets(typed(...args), () => undefined)).rejects.toThrow(sentence)
})
