import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createContext, Script } from 'node:vm'
import { gzipSync } from 'node:zlib'
import { expect, it } from 'vitest'
import sharp from 'sharp'
import {
  buildExcelFunctions,
  buildIcons,
  buildPane,
  bundleFunctions,
  generateMetadata,
} from '../../excel-addin/build.ts'
import { ICON_SIZES } from '../../excel-addin/manifest.ts'
import { FUNCTION_NAMES, functionSpec, PARAMETERS } from '../../shared/functions.ts'

it('Microsoft’s generator makes of the catalogue exactly the catalogue', async () => {
  const metadata: unknown = JSON.parse(await generateMetadata())
  expect(metadata).toEqual({
    allowCustomDataForDataTypeAny: true,
    functions: FUNCTION_NAMES.map((name) => {
      const { summary, required, optional, streams } = functionSpec(name)
      return {
        id: name,
        name,
        description: summary.en,
        // And nothing else: not volatile, and no address.
        options: streams ? { stream: true, cancelable: true } : { cancelable: true },
        parameters: [...required, ...optional].map((parameter, at) => ({
          name: PARAMETERS[parameter].shown,
          description: PARAMETERS[parameter].help.en,
          type: 'any',
          dimensionality: 'matrix',
          ...(at < required.length ? {} : { optional: true }),
        })),
        result: { dimensionality: 'matrix' },
      }
    }),
  })
})

it('HSPOINTS alone streams', () => {
  expect(FUNCTION_NAMES.filter((name) => functionSpec(name).streams)).toEqual(['HSPOINTS'])
})

it('no function has a name that is a cell address, and every one ends in [options]', () => {
  for (const name of FUNCTION_NAMES) {
    expect(name).toMatch(/^[A-Z]{4,}$/)
    expect(functionSpec(name).optional.at(-1)).toBe('options')
  }
})

it('both files are written', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'tariffcell-build-'))
  try {
    await buildExcelFunctions(join(folder, 'excel'))
    expect(JSON.parse(readFileSync(join(folder, 'excel', 'functions.json'), 'utf8'))).toHaveProperty('functions')
    expect(readFileSync(join(folder, 'excel', 'functions.js'), 'utf8').length).toBeGreaterThan(1000)
  } finally {
    rmSync(folder, { recursive: true })
  }
})

it('the script is classic, associates before it ends, and speaks to nothing but its proxy', async () => {
  const bundle = await bundleFunctions()
  const associated: string[] = []
  const page = createContext({ CustomFunctions: { associate: (id: string) => associated.push(id) } })
  new Script(bundle).runInContext(page)
  expect(associated).toEqual(FUNCTION_NAMES)
  expect(bundle).not.toMatch(/\bExcel\.|\beval\(|new Function|https?:\/\//)
})

it('the script does no harm where there is no Excel at all', async () => {
  const page = createContext({})
  new Script(await bundleFunctions()).runInContext(page)
  expect(new Script('Tariffcell.addin.session.token()').runInContext(page)).toBeNull()
})

it('an icon of every size is drawn, and at 16 pixels its lines are whole pixels', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'tariffcell-icons-'))
  try {
    await buildIcons(folder)
    for (const size of ICON_SIZES) {
      expect(await sharp(join(folder, 'icons', `${size}.png`)).metadata()).toMatchObject({
        format: 'png',
        width: size,
        height: size,
      })
    }
    const { data } = await sharp(join(folder, 'icons', '16.png'))
      .raw()
      .toBuffer({ resolveWithObject: true })
    const row = Array.from({ length: 16 }, (_, x) => data[(8 * 16 + x) * 4])
    // Across the stem: two white pixels between green ones, and none in between.
    expect(row.map((red) => (red === 255 ? 'w' : red === 0x1f ? 'g' : '?')).join('')).toMatch(/^.?g+wwg+.?$/)
  } finally {
    rmSync(folder, { recursive: true })
  }
})

it(
  'what Excel downloads before the first cell answers stays small: functions 60 KB, pane 350 KB, gzipped',
  { timeout: 60_000 },
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'tariffcell-size-'))
    try {
      await Promise.all([buildExcelFunctions(folder), buildPane(folder)])
      const gzipped = (name: string): number => gzipSync(readFileSync(join(folder, name)), { level: 9 }).length
      expect(gzipped('functions.js')).toBeLessThan(60_000)
      expect(gzipped('pane.js')).toBeLessThan(350_000)
    } finally {
      rmSync(folder, { recursive: true })
    }
  },
)
