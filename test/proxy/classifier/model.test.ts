import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import * as fc from 'fast-check'
import { afterAll, describe, expect, test } from 'vitest'

import { loadModel, ModelError, readModel, stepOf, stepWeights, writeModel } from '../../../proxy/classifier/model.ts'

const folder = mkdtempSync(join(tmpdir(), 'model-'))
afterAll(() => rmSync(folder, { recursive: true }))

const PARTS = {
  subheadings: ['610910', '610990', '851310'],
  fingerprints: Uint32Array.of(7, 4_000_000_000),
  pairCounts: Uint16Array.of(3, 1),
  classesSeen: Uint16Array.of(1, 3),
  outputs: Uint16Array.of(0, 3, 5, 2),
  steps: Int8Array.of(127, -127, 1, -64),
  scale: 2.5,
  bias: Float32Array.of(0.5, -0.25, 0, 1, 2, 3, 4),
  calibration: {
    subheading: [
      [0, 0],
      [0.5, 0.25],
      [1, 0.9],
    ] as const,
    heading: [
      [0, 0],
      [1, 1],
    ] as const,
  },
  lexiconHash: 'a1'.repeat(32),
}
const BYTES = writeModel(PARTS)
const HEADER_END = BYTES.indexOf(0x0a)

/** The file with its header changed and sealed again: only what is wrong with its content is wrong. */
function resealed(
  change: (header: Record<string, unknown>) => void,
  body = BYTES.subarray(HEADER_END + 1),
): Uint8Array {
  const { sha256: _, ...header } = JSON.parse(Buffer.from(BYTES.subarray(0, HEADER_END)).toString()) as Record<
    string,
    unknown
  >
  change(header)
  const sha256 = createHash('sha256')
    .update(`${JSON.stringify(header)}\n`)
    .update(body)
    .digest('hex')
  return Buffer.concat([Buffer.from(`${JSON.stringify({ ...header, sha256 })}\n`), body])
}

function refusal(bytes: Uint8Array): ModelError {
  try {
    readModel(bytes)
  } catch (error) {
    if (error instanceof ModelError) return error
    throw error
  }
  throw new Error('The model was read.')
}

describe('a model file', () => {
  test('reads back as it was written', () => {
    const model = readModel(BYTES)
    expect(model.tree.subheadings).toEqual(PARTS.subheadings)
    expect(model.tree.headings).toEqual(['6109', '8513'])
    expect(model.tree.chapters).toEqual(['61', '85'])
    expect(model.vocabulary.fingerprints).toEqual(PARTS.fingerprints)
    expect([...model.vocabulary.starts]).toEqual([0, 3, 4])
    expect(model.vocabulary.outputs).toEqual(PARTS.outputs)
    expect(model.steps).toEqual(PARTS.steps)
    expect(model.bias).toEqual(PARTS.bias)
    expect(model.calibration).toEqual(PARTS.calibration)
    expect(model.lexiconHash).toBe(PARTS.lexiconHash)
  })

  test('is read from disk, and from bytes that begin anywhere in memory', () => {
    const path = join(folder, 'toy.model')
    writeFileSync(path, BYTES)
    expect(loadModel(path).sha256).toBe(readModel(BYTES).sha256)
    for (let offset = 1; offset < 8; offset++) {
      const moved = new Uint8Array(BYTES.length + offset)
      moved.set(BYTES, offset)
      expect(readModel(moved.subarray(offset)).bias).toEqual(PARTS.bias)
    }
  })

  test('is refused when it is missing', () => {
    expect(() => loadModel(join(folder, 'none.model'))).toThrow(ModelError)
  })

  test('is refused when it is cut short anywhere, or goes on after its end', () => {
    for (let length = 0; length < BYTES.length; length++) {
      expect(refusal(BYTES.subarray(0, length)).code).toBe('model-broken')
    }
    expect(refusal(Buffer.concat([BYTES, Buffer.alloc(8)])).code).toBe('model-broken')
  })

  test('is refused when any one bit of it is turned', () => {
    fc.assert(
      fc.property(fc.nat(BYTES.length - 1), fc.nat(7), (at, bit) => {
        const turned = Uint8Array.from(BYTES)
        turned[at]! ^= 1 << bit
        expect(refusal(turned).code).toBe('model-broken')
      }),
    )
  })

  test.each<[string, (header: Record<string, unknown>) => void]>([
    ['is of another format', (header) => (header['format'] = 2)],
    ['has a field nobody knows', (header) => (header['extra'] = 1)],
    ['lacks a field', (header) => delete header['scale']],
    ['counts more features than it has', (header) => (header['features'] = 3)],
    ['counts more pairs than it has', (header) => (header['pairs'] = 5)],
    ['counts outputs its codes do not make', (header) => (header['outputs'] = 6)],
    ['has a calibration that falls', (header) => (header['calibration'] = { subheading: [[0, 0], [0.5, 0.6], [1, 0.5]], heading: [[0, 0], [1, 1]] })], // prettier-ignore
    ['has a calibration that does not reach 1', (header) => (header['calibration'] = { subheading: [[0, 0], [0.5, 0.6]], heading: [[0, 0], [1, 1]] })], // prettier-ignore
    ['has a scale of zero', (header) => (header['scale'] = 0)],
  ])('is refused when it %s, even under a good seal', (_, change) => {
    expect(refusal(resealed(change)).code).toBe('model-broken')
  })

  test('is refused when it is something else', () => {
    for (const text of ['', '{}\n', '[]\n', 'null\n', '<html>\n</html>']) {
      expect(refusal(Buffer.from(text)).code).toBe('model-broken')
    }
  })
})

describe('a quantised weight', () => {
  test('is within a hundredth of the largest weight, and keeps its sign', () => {
    const weights = stepWeights(10)
    fc.assert(
      fc.property(fc.double({ min: -10, max: 10, noNaN: true }), (weight) => {
        const kept = weights[stepOf(weight, 10) + 128]!
        expect(Math.abs(kept - weight)).toBeLessThanOrEqual(0.1)
        expect(kept * weight).toBeGreaterThanOrEqual(0)
      }),
    )
  })
})
