import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { rootFolder } from '../proxy/root-folder.ts'

interface LockFile {
  packages: Record<string, { optionalDependencies?: Record<string, string>; resolved?: string }>
}

describe.each(['package-lock.json', 'sheets-addon/clasp/package-lock.json'])('%s', (file) => {
  const { packages } = JSON.parse(readFileSync(join(rootFolder(), file), 'utf8')) as LockFile

  test('npm ci works on every platform: it holds the binaries of all, not only of the machine it was made on', () => {
    const missing = Object.entries(packages).flatMap(([path, { optionalDependencies = {} }]) =>
      Object.keys(optionalDependencies).filter(
        (name) => !packages[`node_modules/${name}`] && !packages[`${path}/node_modules/${name}`],
      ),
    )
    expect(missing).toEqual([])
  })

  test('it names no registry', () => {
    expect(Object.values(packages).filter(({ resolved }) => resolved !== undefined)).toEqual([])
  })
})
