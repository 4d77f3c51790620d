import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createBuildStamp } from '../../proxy/build-stamp.ts'

let root: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'tariffcell-build-'))
  for (const file of ['proxy/main.ts', 'proxy/tariff/ca.pack', 'shared/ask.ts', 'excel-addin/pane.css'])
    put(file, 'one')
  for (const file of ['package.json', 'package-lock.json']) put(file, '{}')
  for (const file of ['excel/functions.js', 'excel/pane.html', 'playground/playground.js', 'playground/index.html']) {
    put(`dist/${file}`, '')
  }
  for (const file of ['connect.js', 'index.html']) put(`dist/connect/${file}`, '')
  put('dist/proxy/main.js', '')
  stamp().write()
})
afterEach(() => rmSync(root, { recursive: true }))

function put(file: string, text: string): void {
  mkdirSync(dirname(join(root, file)), { recursive: true })
  writeFileSync(join(root, file), text)
}

const stamp = () => createBuildStamp({ root, dist: join(root, 'dist') })

test('what was built of the same sources is current, whatever their times say', () => {
  utimesSync(join(root, 'shared/ask.ts'), 1, 1)
  put('proxy/tariff/ca.pack', 'a new edition, which is read at the start')
  expect(stamp().isCurrent()).toBe(true)
})

test.each(['proxy/main.ts', 'shared/ask.ts', 'excel-addin/pane.css', 'proxy/new.ts', 'package-lock.json'])(
  'a change of %s builds again',
  (file) => {
    put(file, 'two')
    expect(stamp().isCurrent()).toBe(false)
  },
)

test('a build that was cut off, or is not whole, is built again', () => {
  rmSync(join(root, 'dist/playground/index.html'))
  expect(stamp().isCurrent()).toBe(false)
  put('dist/playground/index.html', '')
  expect(stamp().isCurrent()).toBe(true)
  stamp().clear()
  expect(stamp().isCurrent()).toBe(false)
})

test('what changes during a build is built the next time', () => {
  const before = stamp()
  put('proxy/main.ts', 'two')
  before.write()
  expect(stamp().isCurrent()).toBe(false)
})
