/** The softmax over the class tree, for training and scoring alike: both must believe the same of the same activations. */
import type { ClassTree } from './class-tree.ts'
import { exp } from './portable-math.ts'

/** What a subheading is believed before a word is read, over against its siblings. */
export interface Prior {
  /** Unnormalised belief, by subheading. */
  mass: Float64Array
  /** Their sum, by heading. */
  headingMass: Float64Array
}

/** @param logits by subheading; what stands behind them is ignored. */
export function createPrior({ subheadings, headings, headingOutput }: ClassTree, logits: ArrayLike<number>): Prior {
  const mass = Float64Array.from(subheadings, (_, at) => exp(logits[at]!))
  const headingMass = new Float64Array(headings.length)
  for (const [at, own] of mass.entries()) headingMass[headingOutput[at]! - subheadings.length]! += own
  return { mass, headingMass }
}

/**
 * Fills `masses` with the probability of every subheading and heading; chapters are left as they are.
 *
 * Most subheadings share no word with a text: their own activation is exactly 0 and what they get is their prior times the
 * exponential of their heading. So one exponential a heading and one a subheading touched are enough, a fifth of the work.
 */
export function fillMasses(tree: ClassTree, prior: Prior, activations: Float64Array, masses: Float64Array): void {
  const { headings, headingStart, chapterOutput } = tree
  const count = tree.subheadings.length
  // Above every logit, or equal: no exponential can overflow.
  let ownMax = 0
  for (let at = 0; at < count; at++) if (activations[at]! > ownMax) ownMax = activations[at]!
  let baseMax = -Infinity
  for (let heading = 0; heading < headings.length; heading++) {
    const base = activations[count + heading]! + activations[chapterOutput[headingStart[heading]!]!]!
    masses[count + heading] = base
    if (base > baseMax) baseMax = base
  }
  const max = ownMax + baseMax

  let sum = 0
  for (let heading = 0; heading < headings.length; heading++) {
    const shared = exp(masses[count + heading]! - max)
    let headingMass = prior.headingMass[heading]! * shared
    for (let at = headingStart[heading]!, end = headingStart[heading + 1]!; at < end; at++) {
      const untouched = prior.mass[at]! * shared
      const own = activations[at]!
      masses[at] = own === 0 ? untouched : untouched * exp(own)
      headingMass += masses[at]! - untouched
    }
    masses[count + heading] = headingMass
    sum += headingMass
  }
  const scale = 1 / sum
  for (let at = 0; at < count + headings.length; at++) masses[at]! *= scale
}
