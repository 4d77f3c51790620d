import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { assertOnlyAddon, keptProject, printClaspProject } from '../../../proxy/admin/addon-project.ts'
import type { AskHealth } from '../../../proxy/admin/ask-health.ts'
import { listFilesToPush, pushFiles } from '../../../proxy/admin/clasp.ts'
import { runCheckSheets } from '../../../proxy/admin/run-check-sheets.ts'
import { runLoginSheets } from '../../../proxy/admin/run-login-sheets.ts'
import { runPushSheets } from '../../../proxy/admin/run-push-sheets.ts'
import { rootFolder } from '../../../proxy/root-folder.ts'
import { failure, FailureError } from '../../../shared/error-codes.ts'
import { printAppsScriptManifest } from '../../../sheets-addon/build.ts'
import { standInClasp, type StandInClasp } from '../../hosts/stand-in-clasp.ts'
import { typed } from '../../hosts/typed.ts'

// How long something hangs until it has failed.
const POLLED = { timeout: 30_000 }
const SCRIPT = `1${'aB3_-'.repeat(11)}x`
const SCRIPT_OPTION = ['--script', SCRIPT]
const URL_OPTION = ['--url', 'https://hs.example.com/']

// Writes down which project file it was given.
const KEEPS_PROJECT = `const { appendFileSync, readFileSync } = require('node:fs')
  appendFileSync('seen', JSON.stringify(JSON.parse(readFileSync(process.argv.at(-1), 'utf8'))) + '\\n')`

let project: string
beforeEach(() => {
  project = mkdtempSync(join(tmpdir(), 'tariffcell-push-'))
})
afterEach(() => rmSync(project, { recursive: true }))

function clasp(does: Record<string, string> = {}, signal?: AbortSignal): StandInClasp {
  return standInClasp(join(project, 'clasp'), does, signal)
}

/** In the place of the compiler: what the add-on is, build-sheets.test.ts tells. */
async function build(outFolder: string, baseUrl: string): Promise<void> {
  mkdirSync(outFolder, { recursive: true })
  writeFileSync(join(outFolder, 'Code.js'), `// ${baseUrl}`)
  writeFileSync(join(outFolder, 'appsscript.json'), printAppsScriptManifest(baseUrl))
  writeFileSync(join(outFolder, 'sidebar.html'), 'x'.repeat(1001))
}

const answers: AskHealth = () => Promise.resolve({ version: '9.9.9', insideAddress: null })

function push(args: string[], used: StandInClasp, ask = answers): Promise<void> {
  return runPushSheets(typed(...args), { project, build, ask, clasp: used, print: used.print })
}

describe('npm run sheets:push', () => {
  test('builds the add-on, puts it into the script, and says where to try it; again, it needs no options', async () => {
    const used = clasp({ push: `console.log('Pushed 3 files at 12:00.')` })
    await push([...SCRIPT_OPTION, ...URL_OPTION], used)
    const printed = [
      'Tariffcell 9.9.9 answers at https://hs.example.com\n',
      `Pushing the add-on for https://hs.example.com into the script ${SCRIPT}\n`,
      'Pushed 3 files at 12:00.\n',
      `To try it: https://script.google.com/home/projects/${SCRIPT}/edit > Deploy > Test deployments\n`,
    ]
    expect(used.printed).toEqual(printed)
    const kept = { scriptId: SCRIPT, rootDir: 'dist/sheets', proxyUrl: 'https://hs.example.com' }
    const projectFile = join(project, '.clasp.json')
    expect(JSON.parse(readFileSync(projectFile, 'utf8'))).toEqual(kept)
    expect(readFileSync(join(project, 'dist', 'sheets', 'Code.js'), 'utf8')).toBe('// https://hs.example.com')
    // What somebody adds stays.
    const more = { ...kept, projectId: 'p' }
    writeFileSync(projectFile, JSON.stringify(more))
    await push([], used)
    expect(used.printed).toEqual([...printed, ...printed])
    expect(JSON.parse(readFileSync(projectFile, 'utf8'))).toEqual(more)
    const [listed, pushed, ...again] = used.calls()
    const asked = `--project ${join('dist', `clasp-${process.pid}.json`)}`
    expect([listed, pushed]).toEqual([`show-file-status --json ${asked}`, `push --force ${asked}`])
    expect(again).toEqual(['show-file-status --json --project .clasp.json', 'push --force --project .clasp.json'])
    expect(readdirSync(join(project, 'dist'))).toEqual(['sheets'])
  })

  test('where no proxy answers nothing is built nor pushed, unless it is not to be asked', async () => {
    const used = clasp()
    const silent: AskHealth = (address) =>
      Promise.reject(new FailureError(failure('proxy-silent', { address, why: 'nobody' })))
    const refused = /^TC-640 No proxy answers at https:\/\/hs\.example\.com: nobody\..*--unchecked/
    await expect(push([...SCRIPT_OPTION, ...URL_OPTION], used, silent)).rejects.toThrow(refused)
    expect(existsSync(join(project, 'dist'))).toBe(false)
    expect(used.calls()).toEqual([])
    await push([...SCRIPT_OPTION, ...URL_OPTION, '--unchecked'], used, silent)
    expect(used.calls()).toHaveLength(2)
  })

  test('an address that is a private one here is told of, and pushed all the same', async () => {
    const used = clasp()
    const inside: AskHealth = () => Promise.resolve({ version: '9.9.9', insideAddress: '10.1.2.3' })
    await push([...SCRIPT_OPTION, ...URL_OPTION], used, inside)
    expect(used.printed[1]).toMatch(/^TC-642 hs\.example\.com is 10\.1\.2\.3 here, .*\/healthz on a phone/)
    expect(used.calls()).toHaveLength(2)
  })

  test('an id whose push failed is not taken the next time; the one before it is', async () => {
    const fails = { push: `console.error('Requested entity was not found.'); process.exitCode = 1` }
    const other = ['--script', SCRIPT.replace('x', 'y')]
    await expect(push([...other, ...URL_OPTION], clasp(fails))).rejects.toThrow(/^TC-634 /)
    expect(existsSync(join(project, '.clasp.json'))).toBe(false)
    await expect(push([], clasp())).rejects.toThrow(/^TC-637 .* needs --script/)
    // The address of the project is an id too.
    const page = `https://script.google.com/home/projects/${SCRIPT}/edit`
    await push(['--script', page, ...URL_OPTION], clasp({ push: KEEPS_PROJECT }))
    await expect(push(other, clasp(fails))).rejects.toThrow(/^TC-634 /)
    await push([], clasp({ push: KEEPS_PROJECT }))
    const seen = readIfThere(join(project, 'seen')).trim().split('\n')
    expect(seen.map((line) => JSON.parse(line) as unknown)).toEqual([
      { scriptId: SCRIPT, rootDir: 'sheets' },
      { scriptId: SCRIPT, rootDir: 'dist/sheets', proxyUrl: 'https://hs.example.com' },
    ])
  })

  test('neither the address of a push that failed nor that of a build is taken the next time; that of the last push is', async () => {
    const fails = { push: `console.error('Requested entity was not found.'); process.exitCode = 1` }
    const other = ['--url', 'https://other.example.com']
    await expect(push([...SCRIPT_OPTION, ...other], clasp(fails))).rejects.toThrow(/^TC-634 /)
    await expect(push(SCRIPT_OPTION, clasp())).rejects.toThrow(/^TC-637 .* needs --url/)
    await push([...SCRIPT_OPTION, ...URL_OPTION], clasp())
    await expect(push(other, clasp(fails))).rejects.toThrow(/^TC-634 /)
    await build(join(project, 'dist', 'sheets'), 'https://trial.example.com')
    const used = clasp()
    await push([], used)
    expect(used.printed[1]).toBe(`Pushing the add-on for https://hs.example.com into the script ${SCRIPT}\n`)
    expect(readFileSync(join(project, 'dist', 'sheets', 'Code.js'), 'utf8')).toBe('// https://hs.example.com')
    await push(other, clasp())
    const again = clasp()
    await push([], again)
    expect(again.printed[0]).toBe('Tariffcell 9.9.9 answers at https://other.example.com\n')
  })

  test.each([
    ['No credentials found.', /^TC-632 .*npm run sheets:login$/],
    ['invalid_grant', /^TC-632 /],
    [
      'User has not enabled the Apps Script API. Enable it by visiting https://script.google.com/home/usersettings then retry.',
      /^TC-633 .*script\.google\.com\/home\/usersettings/,
    ],
    ['Requested entity was not found.', new RegExp(`^TC-634 .*${SCRIPT}.*sheets:login`)],
    ['The caller does not have permission', /^TC-634 /],
    ['request failed, reason: ENOTFOUND', /^TC-636 clasp push did not end well: request failed, reason: ENOTFOUND\./],
    ['', /^TC-636 .*exit code 3/],
  ])('where clasp says "%s", a sentence says what to do, and its exit code is ours', async (words, sentence) => {
    const used = clasp({ push: `console.error(${JSON.stringify(words)}); process.exitCode = 3` })
    await expect(pushFiles(used, keptProject(project), SCRIPT)).rejects.toMatchObject({
      message: expect.stringMatching(sentence),
      exitCode: 3,
    })
  })

  test('nothing is pushed where it would be other than the add-on', async () => {
    const used = clasp({ 'show-file-status': lists('dist/sheets/Code.js', 'dist/sheets/old.js') })
    await expect(push([...SCRIPT_OPTION, ...URL_OPTION], used)).rejects.toThrow(/^TC-635 .*old\.js.*appsscript\.json/)
    expect(used.calls()).toEqual([expect.stringMatching(/^show-file-status /)])
  })

  test.each([
    [[], /^TC-637 npm run sheets:push needs --script <script id>: the id of your Apps Script project/],
    [SCRIPT_OPTION, /^TC-637 .* needs --url <address>/],
    [URL_OPTION, /^TC-637 .* needs --script/],
    [[...SCRIPT_OPTION, '--uri', 'https://hs.example.com'], /^TC-638 .* no option --uri/],
    [[...SCRIPT_OPTION, '--url', 'http://hs.example.com'], /^TC-617 .* over https only/],
    [[...SCRIPT_OPTION, '--url', 'https://hs.example.com/healthz'], /^TC-617 .* Type https:\/\/hs\.example\.com$/],
    [[...SCRIPT_OPTION, '--url', 'https://localhost:3000'], /^TC-617 .*Google’s own servers ask the proxy/],
    [['--script', 'https://docs.google.com/spreadsheets/d/1/edit', ...URL_OPTION], /^TC-630 .* leads to a spreadsheet/],
  ])('%j is refused, with what to do, and nothing is kept', async (args, sentence) => {
    const used = clasp()
    await expect(push(args, used)).rejects.toThrow(sentence)
    expect(used.calls()).toEqual([])
    expect(existsSync(join(project, '.clasp.json'))).toBe(false)
  })
})

describe('clasp', () => {
  test('is asked nothing that waits for a person, and ends with the command that started it', async () => {
    const stopped = new AbortController()
    const waits = `process.stdin.resume().on('end', () => { require('node:fs').writeFileSync('pid', String(process.pid)); setInterval(() => {}, 1000) })`
    const pushed = pushFiles(clasp({ push: waits }, stopped.signal), keptProject(project), SCRIPT)
    const refused = expect(pushed).rejects.toThrow(/aborted/)
    await expect.poll(() => readIfThere(join(project, 'pid')), POLLED).not.toBe('')
    const pid = Number(readIfThere(join(project, 'pid')))
    stopped.abort()
    await refused
    await expect.poll(() => isAlive(pid), POLLED).toBe(false)
  })

  test('is installed when it is first needed, which is said', async () => {
    const used = clasp()
    const { folder } = used
    // npm takes a folder for a package, and then asks no registry.
    renameSync(join(folder, 'node_modules', '@google', 'clasp'), join(folder, 'stand-in'))
    rmSync(join(folder, 'node_modules'), { recursive: true })
    const dependencies = { '@google/clasp': 'file:stand-in' }
    const packages = {
      '': { dependencies },
      'node_modules/@google/clasp': { resolved: 'stand-in', link: true },
      'stand-in': { name: '@google/clasp', version: '3.4.1' },
    }
    writeJson(join(folder, 'stand-in', 'package.json'), packages['stand-in'])
    writeJson(join(folder, 'package.json'), { dependencies })
    writeJson(join(folder, 'package-lock.json'), { lockfileVersion: 3, requires: true, packages })
    expect(await listFilesToPush(used, keptProject(project))).toHaveLength(3)
    expect(used.printed).toEqual(['Installing clasp, once: about a minute and 277 MB…\n'])
  })

  test('that cannot be installed is said, with npm’s own words', async () => {
    const used = clasp()
    rmSync(join(used.folder, 'node_modules'), { recursive: true })
    await expect(listFilesToPush(used, keptProject(project))).rejects.toThrow(
      /^TC-631 clasp, which takes the add-on to Google, could not be installed: .*ENOENT/,
    )
  })
})

describe('npm run sheets:check', () => {
  const FILES = ['  file             kB', '  Code.js           1', '  appsscript.json   1', '  sidebar.html      2']

  /** @returns the lines it printed. */
  async function check(args: string[] = [], used = clasp()): Promise<string[]> {
    await runCheckSheets(typed(...args), { project, build, clasp: used, print: used.print })
    return used.printed.join('').trimEnd().split('\n')
  }

  test('where nothing was built it tells of a build of its own, in whatever order clasp does; and leaves nothing behind', async () => {
    expect(await check()).toEqual([
      'dist/sheets: nothing was built yet; sheets:push builds it. Tried with the address of an example.',
      'clasp would push these files for https://hs.example.com, and nothing else:',
      ...FILES,
    ])
    expect(readdirSync(project)).toEqual(['clasp'])
    expect((await check(['--url', 'https://two.example.com']))[0]).toBe(
      'dist/sheets: nothing was built yet; sheets:push builds it.',
    )
  })

  test('it tells of what stands in dist/sheets: whose address it has, and whether these sources made it', async () => {
    const built = join(project, 'dist', 'sheets')
    await build(built, 'https://one.example.com')
    expect((await check()).slice(0, 2)).toEqual([
      'dist/sheets was built for https://one.example.com, by the sources as they are.',
      'clasp would push these files for https://one.example.com, and nothing else:',
    ])
    expect((await check(['--url', 'https://two.example.com/'])).slice(0, 2)).toEqual([
      'dist/sheets was built for https://one.example.com, not for https://two.example.com; with that address sheets:push builds it anew.',
      'clasp would push these files for https://two.example.com, and nothing else:',
    ])
    writeFileSync(join(built, 'Code.js'), '// older')
    rmSync(join(built, 'sidebar.html'))
    expect((await check())[0]).toBe(
      'dist/sheets was built for https://one.example.com, by other sources than those here (Code.js, sidebar.html); sheets:push builds it anew.',
    )
    expect(readFileSync(join(built, 'Code.js'), 'utf8')).toBe('// older')
  })

  test('it tells of the address that the next push takes, whatever was built since the last one', async () => {
    await push([...SCRIPT_OPTION, ...URL_OPTION], clasp())
    await build(join(project, 'dist', 'sheets'), 'https://trial.example.com')
    expect((await check()).slice(0, 2)).toEqual([
      'dist/sheets was built for https://trial.example.com, not for https://hs.example.com; with that address sheets:push builds it anew.',
      'clasp would push these files for https://hs.example.com, and nothing else:',
    ])
  })

  test('it fails where a push would take less along, or what else lies in dist/sheets', async () => {
    const less = clasp({ 'show-file-status': lists('dist/sheets/Code.js', 'dist/sheets/appsscript.json') })
    await expect(check([], less)).rejects.toThrow(/^TC-635 /)
    expect(less.printed).toEqual([])
    mkdirSync(join(project, 'dist', 'sheets'), { recursive: true })
    writeFileSync(join(project, 'dist', 'sheets', 'old.js'), '')
    const all = `console.log(JSON.stringify({ filesToPush: require('node:fs').readdirSync('dist/sheets').map((name) => 'dist/sheets/' + name) }))`
    await expect(check([], clasp({ 'show-file-status': all }))).rejects.toThrow(/^TC-635 .*old\.js/)
  })

  test.each([
    ['nothing', lists(), /^TC-635 .*would have been -,/],
    ['no JSON', `console.log('Tracked files:')`, /^TC-636 clasp show-file-status /],
    ['an error', `console.error('Project settings not found.'); process.exitCode = 1`, /^TC-636 .*Project settings/],
  ])('fails where clasp tells of %s', async (_, script, sentence) => {
    await expect(assertOnlyAddon(clasp({ 'show-file-status': script }), keptProject(project))).rejects.toThrow(sentence)
  })
})

describe('npm run sheets:login', () => {
  test('asks nobody where nobody sits at a terminal', async () => {
    const used = clasp()
    await expect(runLoginSheets(typed(), { clasp: used, print: used.print, isAttended: false })).rejects.toThrow(
      /^TC-610 .*in a terminal/,
    )
    await expect(
      runLoginSheets(typed('--force'), { clasp: used, print: used.print, isAttended: true }),
    ).rejects.toThrow(/^TC-638 .* no option --force/)
    expect(used.calls()).toEqual([])
  })

  test('has clasp ask, and ends as clasp does', async () => {
    const used = clasp()
    await runLoginSheets(typed('--no-localhost'), { clasp: used, print: used.print, isAttended: true })
    expect(used.calls()).toEqual(['login --no-localhost'])
    const refused = clasp({ login: 'process.exitCode = 7' })
    await expect(
      runLoginSheets(typed(), { clasp: refused, print: refused.print, isAttended: true }),
    ).rejects.toMatchObject({ exitCode: 7, message: expect.stringMatching(/^TC-643 .* clasp said: exit code 7\. /) })
  })

  test('that went wrong says what clasp said, and what to do', async () => {
    const used = clasp({ login: `console.error('Missing code in response URL.'); process.exitCode = 1` })
    await expect(runLoginSheets(typed(), { clasp: used, print: used.print, isAttended: true })).rejects.toThrow(
      /^TC-643 .* clasp said: Missing code in response URL\. Run npm run sheets:login again, .*--no-localhost$/,
    )
  })
})

test('.clasp.json.example shows what npm run sheets:push writes', () => {
  const example = readFileSync(join(rootFolder(), 'sheets-addon', '.clasp.json.example'), 'utf8')
  expect(example).toBe(printClaspProject('<Project Settings > Script ID>', 'dist/sheets', 'https://hs.example.com'))
})

/** What `show-file-status` does that tells of these. */
function lists(...filesToPush: string[]): string {
  return `console.log(${JSON.stringify(JSON.stringify({ filesToPush }))})`
}

function writeJson(file: string, value: unknown): void {
  writeFileSync(file, JSON.stringify(value))
}

function readIfThere(file: string): string {
  return existsSync(file) ? readFileSync(file, 'utf8') : ''
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}
