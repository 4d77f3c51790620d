/** A text weighed with the model: how likely each subheading and heading is, and which words made it so. */
import type { Features } from './features.ts'
import type { Model } from './model.ts'
import { createPrior, fillMasses } from './softmax.ts'
import { positionOf, vectorOf, type TextVector } from './vocabulary.ts'

export interface Weighed {
  vector: TextVector
  /** Best first, by belief. */
  subheadings: { code: string; belief: number }[]
  headings: { code: string; belief: number }[]
}

export interface Weigher {
  weigh(features: Features, subheadingsMax: number, headingsMax: number): Weighed
  /** What each token added to the logit of a subheading, by token; a feature of two tokens counts half for each. */
  contributions(features: Features, vector: TextVector, subheading: string): Float64Array
}

/** Not for two texts at once: the work space is shared, and all work is done before a call returns. */
export function createWeigher({ tree, vocabulary, steps, stepWeights, bias }: Model): Weigher {
  const prior = createPrior(tree, bias)
  const activations = new Float64Array(tree.outputCount)
  const masses = new Float64Array(tree.outputCount)
  const count = tree.subheadings.length
  const { starts, outputs } = vocabulary
  return {
    weigh(features, subheadingsMax, headingsMax) {
      const vector = vectorOf(vocabulary, features)
      activations.fill(0, 0, count)
      activations.set(bias.subarray(count), count)
      for (const [at, id] of vector.ids.entries()) {
        const value = vector.values[at]!
        for (let pair = starts[id]!, end = starts[id + 1]!; pair < end; pair++) {
          activations[outputs[pair]!]! += value * stepWeights[steps[pair]! + 128]!
        }
      }
      fillMasses(tree, prior, activations, masses)
      return {
        vector,
        subheadings: best(masses.subarray(0, count), subheadingsMax, tree.subheadings),
        headings: best(masses.subarray(count, count + tree.headings.length), headingsMax, tree.headings),
      }
    },
    contributions({ tokens, firsts, lasts }, { ids, values, sources }, subheading) {
      const added = new Float64Array(tokens.length)
      const own = tree.subheadings.indexOf(subheading)
      const path = [own, tree.headingOutput[own]!, tree.chapterOutput[own]!]
      for (const [at, id] of ids.entries()) {
        const pairs = outputs.subarray(starts[id], starts[id + 1])
        let logit = 0
        for (const output of path) {
          const pair = positionOf(pairs, output)
          if (pair >= 0) logit += values[at]! * stepWeights[steps[starts[id]! + pair]! + 128]!
        }
        added[firsts[sources[at]!]!]! += logit / 2
        added[lasts[sources[at]!]!]! += logit / 2
      }
      return added
    },
  }
}

/** The largest masses, best first; of equal ones the lower code. */
function best(masses: Float64Array, most: number, codes: readonly string[]): { code: string; belief: number }[] {
  const chosen: number[] = []
  for (let at = 0; at < masses.length; at++) {
    if (chosen.length === most && masses[at]! <= masses[chosen[most - 1]!]!) continue
    let place = chosen.length < most ? chosen.length : most - 1
    while (place > 0 && masses[at]! > masses[chosen[place - 1]!]!) {
      chosen[place] = chosen[place - 1]!
      place--
    }
    chosen[place] = at
  }
  return chosen.map((at) => ({ code: codes[at]!, belief: masses[at]! }))
}
