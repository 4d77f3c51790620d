/** The vocabulary of a model: every feature of the texts as they are. Title noise adds no features of its own. */
import { rangeOf, type ClassTree } from '../class-tree.ts'
import { featuresOf } from '../features.ts'
import { rarityOf, positionOf, type Vocabulary } from '../vocabulary.ts'
import type { Example } from './examples.ts'

export interface CollectedVocabulary extends Vocabulary {
  /** Subheadings each feature was seen with. */
  classesSeen: Uint16Array
}

// A pair in one number that sorts by feature, then by output.
const OUTPUTS_MAX = 65_536

export function collectVocabulary(examples: readonly Example[], tree: ClassTree): CollectedVocabulary {
  const texts = examples.map(({ text }) => featuresOf(text).fingerprints)
  const fingerprints = Uint32Array.from(new Set(texts.flat())).sort()
  const pairs = seenPairs(examples, texts, tree, fingerprints)
  const outputs = new Uint16Array(pairs.length)
  const starts = new Uint32Array(fingerprints.length + 1)
  const classesSeen = new Uint16Array(fingerprints.length)
  for (const [at, pair] of pairs.entries()) {
    const id = Math.floor(pair / OUTPUTS_MAX)
    const output = pair % OUTPUTS_MAX
    outputs[at] = output
    starts[id + 1] = at + 1
    if (output < tree.subheadings.length) classesSeen[id]!++
  }
  const classCount = tree.subheadings.length
  return {
    fingerprints,
    rarity: Float32Array.from(classesSeen, (seen) => rarityOf(seen, classCount)),
    rarityUnknown: rarityOf(1, classCount),
    starts,
    outputs,
    classesSeen,
  }
}

/** Sorted, each once. Every feature is seen with its chapter, so none is without a pair. */
function seenPairs(
  examples: readonly Example[],
  texts: readonly (readonly number[])[],
  tree: ClassTree,
  fingerprints: Uint32Array,
): Float64Array {
  const most = texts.reduce((sum, { length }) => sum + 3 * length, 0)
  const pairs = new Float64Array(most)
  let count = 0
  for (const [at, { code }] of examples.entries()) {
    const outputs = outputsAbove(tree, code)
    for (const fingerprint of texts[at]!) {
      const id = positionOf(fingerprints, fingerprint)
      for (const output of outputs) pairs[count++] = id * OUTPUTS_MAX + output
    }
  }
  const sorted = pairs.subarray(0, count).sort()
  return sorted.filter((pair, at) => at === 0 || pair !== sorted[at - 1])
}

/** Outputs of the code itself and of those above it. */
function outputsAbove(tree: ClassTree, code: string): number[] {
  const { first } = rangeOf(tree, code)
  const outputs = [tree.chapterOutput[first]!]
  if (code.length >= 4) outputs.push(tree.headingOutput[first]!)
  if (code.length === 6) outputs.push(first)
  return outputs
}
