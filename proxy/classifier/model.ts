/**
 * The trained model, as a file and in memory.
 *
 * Line 1 is JSON, padded with blanks so that the body begins at a multiple of eight: format, hash of the lexicon it was trained
 * on, counts, scale, calibration, and as its last field the seal, the SHA-256 of the line without that field, a line feed and the
 * body. The body is arrays in little-endian order, one after the other, each beginning at a multiple of eight:
 *
 *     codes         6 ASCII digits a subheading
 *     fingerprints  u32 a feature, sorted
 *     pairCounts    u16 a feature: outputs it has a weight for
 *     classesSeen   u16 a feature: subheadings it was seen with, from which its rarity follows
 *     outputs       u16 a pair
 *     steps         i8  a pair: the weight, quantised
 *     bias          f32 an output
 */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { endianness } from 'node:os'

import * as z from 'zod/mini'

import { isCurve, type Calibration } from './calibration.ts'
import { createClassTree, type ClassTree } from './class-tree.ts'
import { rarityOf, type Vocabulary } from './vocabulary.ts'

export const MODEL_FORMAT = 1

export interface Model {
  tree: ClassTree
  vocabulary: Vocabulary
  /** By pair of the vocabulary; what a step weighs is in `stepWeights[step + 128]`. */
  steps: Int8Array
  stepWeights: Float32Array
  /** By output. */
  bias: Float32Array
  calibration: Calibration
  /** Of the lexicon it was trained on. */
  lexiconHash: string
  /** Seal of the file, 64 hex digits: the same model has the same one everywhere. */
  sha256: string
}

/** What is written down of a model. */
export interface ModelParts {
  subheadings: readonly string[]
  fingerprints: Uint32Array
  pairCounts: Uint16Array
  classesSeen: Uint16Array
  outputs: Uint16Array
  steps: Int8Array
  /** Weight of the largest step. */
  scale: number
  bias: Float32Array
  calibration: Calibration
  lexiconHash: string
}

/** A model file cannot be used: it is cut short, changed, or of another format. */
export class ModelError extends Error {
  override readonly name = 'ModelError'
  readonly code = 'model-broken'
}

const STEP_MAX = 127
const ALIGNMENT = 8
// Room enough for the calibration; a file without a line end is not searched through.
const HEADER_BYTES_MAX = 65_536

const sha256 = z.string().check(z.regex(/^[0-9a-f]{64}$/u))
const count = z.int().check(z.positive())
const curve = z
  .array(z.tuple([z.number().check(z.gte(0), z.lte(1)), z.number().check(z.gte(0), z.lte(1))]))
  .check(z.refine(isCurve))

const headerSchema = z.strictObject({
  format: z.literal(MODEL_FORMAT),
  lexicon: sha256,
  subheadings: count,
  outputs: count,
  features: count,
  pairs: count,
  scale: z.number().check(z.positive()),
  calibration: z.strictObject({ subheading: curve, heading: curve }),
  sha256,
})

/** Weights are stored as the square of a step, so that small ones keep their proportions: 255 steps cost no accuracy. */
export function stepWeights(scale: number): Float32Array {
  return Float32Array.from({ length: 256 }, (_, at) => {
    const step = (at - 128) / STEP_MAX
    return step * Math.abs(step) * scale
  })
}

export function stepOf(weight: number, scale: number): number {
  const step = Math.round(Math.sqrt(Math.abs(weight) / scale) * STEP_MAX)
  return weight < 0 ? -step : step
}

export function writeModel(parts: ModelParts): Uint8Array {
  const body = Buffer.concat(
    [
      Buffer.from(parts.subheadings.join(''), 'ascii'),
      ...[parts.fingerprints, parts.pairCounts, parts.classesSeen, parts.outputs, parts.steps, parts.bias].map(bytesOf),
    ].map(aligned),
  )
  const header = {
    format: MODEL_FORMAT,
    lexicon: parts.lexiconHash,
    subheadings: parts.subheadings.length,
    outputs: parts.bias.length,
    features: parts.fingerprints.length,
    pairs: parts.outputs.length,
    scale: parts.scale,
    calibration: parts.calibration,
  }
  const sealed = JSON.stringify({ ...header, sha256: sealOf(JSON.stringify(header), body) })
  const padded = sealed.padEnd(Math.ceil((sealed.length + 1) / ALIGNMENT) * ALIGNMENT - 1)
  return Buffer.concat([Buffer.from(`${padded}\n`, 'ascii'), body])
}

/** @throws {ModelError} when the file is missing or cannot be used. */
export function loadModel(path: string): Model {
  let bytes: Buffer
  try {
    bytes = readFileSync(path)
  } catch (cause) {
    throw new ModelError(`${path} cannot be read`, { cause })
  }
  return readModel(bytes)
}

/** The model stays in the bytes it was read from: nothing is copied but the features' rarity.
 * @throws {ModelError} when any byte differs from what was written. */
export function readModel(bytes: Uint8Array): Model {
  if (endianness() !== 'LE') throw new ModelError('models are read on little-endian machines only')
  const { header, body } = splitModel(bytes)
  const take = sections(body)
  const codes = Buffer.from(take(header.subheadings * 6)).toString('ascii')
  const fingerprints = asArray(Uint32Array, take(header.features * 4))
  const pairCounts = asArray(Uint16Array, take(header.features * 2))
  const classesSeen = asArray(Uint16Array, take(header.features * 2))
  const outputs = asArray(Uint16Array, take(header.pairs * 2))
  const steps = asArray(Int8Array, take(header.pairs))
  const bias = asArray(Float32Array, take(header.outputs * 4))
  take.end()

  const tree = createClassTree(codes.match(/.{6}/gsu) ?? [])
  if (tree.outputCount !== header.outputs) throw new ModelError('its codes do not make its outputs')
  const starts = new Uint32Array(header.features + 1)
  for (let id = 0; id < header.features; id++) starts[id + 1] = starts[id]! + pairCounts[id]!
  if (starts.at(-1) !== header.pairs) throw new ModelError('its features do not make its pairs')
  const rarity = rarities(classesSeen, header.subheadings)
  const rarityUnknown = rarityOf(1, header.subheadings)
  return {
    tree,
    vocabulary: { fingerprints, rarity, rarityUnknown, starts, outputs },
    steps,
    stepWeights: stepWeights(header.scale),
    bias,
    calibration: header.calibration,
    lexiconHash: header.lexicon,
    sha256: header.sha256,
  }
}

/** The header and the bytes behind it, the seal compared. */
function splitModel(bytes: Uint8Array): { header: z.infer<typeof headerSchema>; body: Uint8Array } {
  const end = bytes.subarray(0, HEADER_BYTES_MAX).indexOf(0x0a)
  if (end < 0) throw new ModelError('it has no header')
  const body = bytes.subarray(end + 1)
  const line = Buffer.from(bytes.subarray(0, end)).toString('latin1')
  let json: unknown
  try {
    json = JSON.parse(line)
  } catch (cause) {
    throw new ModelError('its header is not JSON', { cause })
  }
  const parsed = headerSchema.safeParse(json)
  if (!parsed.success) throw new ModelError(`its header does not hold: ${z.prettifyError(parsed.error)}`)
  const { sha256: seal, ...header } = parsed.data
  const padded = JSON.stringify(parsed.data).padEnd(end)
  if (line !== padded || sealOf(JSON.stringify(header), body) !== seal) {
    throw new ModelError('it is not what was written: the seal is broken')
  }
  return { header: parsed.data, body }
}

function sealOf(header: string, body: Uint8Array): string {
  return createHash('sha256').update(`${header}\n`).update(body).digest('hex')
}

/** Hands out the body's sections in order. */
function sections(body: Uint8Array): { (length: number): Uint8Array; end(): void } {
  // Typed arrays can only begin at a multiple of their element: a body that begins elsewhere is moved once.
  const whole = body.byteOffset % ALIGNMENT === 0 ? body : new Uint8Array(body)
  let position = 0
  const take = (length: number): Uint8Array => {
    const section = whole.subarray(position, position + length)
    if (section.length < length) throw new ModelError('it is cut short')
    position += Math.ceil(length / ALIGNMENT) * ALIGNMENT
    return section
  }
  take.end = (): void => {
    if (position !== whole.length) throw new ModelError('its length is not what its counts say')
  }
  return take
}

function asArray<ArrayOf>(
  Kind: { new (buffer: ArrayBufferLike, offset: number, length: number): ArrayOf; BYTES_PER_ELEMENT: number },
  section: Uint8Array,
): ArrayOf {
  return new Kind(section.buffer, section.byteOffset, section.length / Kind.BYTES_PER_ELEMENT)
}

function bytesOf({ buffer, byteOffset, byteLength }: ArrayBufferView): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength)
}

function aligned(section: Buffer): Buffer {
  return Buffer.concat([section], Math.ceil(section.length / ALIGNMENT) * ALIGNMENT)
}

/** One logarithm for each number of subheadings that occurs, not one for each feature. */
function rarities(classesSeen: Uint16Array, classCount: number): Float32Array {
  const known = new Map<number, number>()
  return Float32Array.from(classesSeen, (seen) => {
    const found = known.get(seen) ?? rarityOf(seen, classCount)
    known.set(seen, found)
    return found
  })
}
