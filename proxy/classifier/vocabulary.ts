/** Features as positions of the model, and a text as a vector of them. */
import { WORD_WEIGHT, type Features } from './features.ts'
import { ln } from './portable-math.ts'

/** The features training saw, each with the outputs it was seen with. */
export interface Vocabulary {
  /** Sorted. */
  fingerprints: Uint32Array
  /** How much a feature says, by its position in `fingerprints`. */
  rarity: Float32Array
  /** What a word nobody has seen would say. */
  rarityUnknown: number
  /** Where each feature's outputs begin, and one past the last at the end. */
  starts: Uint32Array
  /** Sorted within a feature. */
  outputs: Uint16Array
}

/** A text of length 1 or less: what is not known of it takes its share of the length. */
export interface TextVector {
  /** Positions in the vocabulary. */
  ids: number[]
  values: number[]
  /** Position of each in the features it was made from. */
  sources: number[]
}

/** The square root of the inverse frequency: the inverse frequency itself lets a rare word outshout the noun. */
export function rarityOf(classesSeen: number, classCount: number): number {
  return Math.sqrt(ln(1 + classCount / Math.max(classesSeen, 1)))
}

/** @param isDropped tells, feature by feature, what training leaves out this time. */
export function vectorOf(
  vocabulary: Vocabulary,
  features: Features,
  isDropped: () => boolean = () => false,
): TextVector {
  const vector: TextVector = { ids: [], values: [], sources: [] }
  const { fingerprints, weights } = features
  let squares = 0
  for (let at = 0; at < fingerprints.length; at++) {
    const weight = weights[at]!
    const id = positionOf(vocabulary.fingerprints, fingerprints[at]!)
    if (id < 0) {
      // A text half of which is unknown must not look as sure as one that is understood.
      if (weight === WORD_WEIGHT) squares += (weight * vocabulary.rarityUnknown) ** 2
      continue
    }
    if (isDropped()) continue
    const value = weight * vocabulary.rarity[id]!
    squares += value * value
    vector.ids.push(id)
    vector.values.push(value)
    vector.sources.push(at)
  }
  const length = Math.sqrt(squares) || 1
  for (let at = 0; at < vector.values.length; at++) vector.values[at]! /= length
  return vector
}

/** @returns −1 when it is not there. */
export function positionOf(sorted: Uint32Array | Uint16Array, wanted: number): number {
  let low = 0
  let high = sorted.length - 1
  while (low <= high) {
    const middle = (low + high) >>> 1
    const found = sorted[middle]!
    if (found === wanted) return middle
    if (found < wanted) low = middle + 1
    else high = middle - 1
  }
  return -1
}
