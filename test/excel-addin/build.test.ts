import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createContext, Script } from 'node:vm'
import { expect, it } from 'vitest'
import { buildExcelFunctions, bundleFunctions, generateMetadata } from '../../excel-addin/build.ts'
import { FUNCTION_NAMES, functionSpec, PARAMETERS } from '../../shared/functions.ts'

it('Microsoft’s generator makes of the catalogue exactly the catalogue', async () => {
  const metadata: unknown = JSON.parse(await generateMetadata())
  expect(metadata).toEqual({
    allowCustomDataForDataTypeAny: true,
    functions: FUNCTION_NAMES.map((name) => {
      const { summary, required, optional } = functionSpec(name)
      return {
        id: name,
        name,
        description: summary.en,
        // And nothing else: neither volatile nor streaming, and no address.
        options: { cancelable: true },
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
