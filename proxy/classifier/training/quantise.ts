/** Trained weights → the bytes of a model: a byte a weight, pairs that round to nothing left out. */
import type { Calibration } from '../calibration.ts'
import type { ClassTree } from '../class-tree.ts'
import { stepOf, writeModel } from '../model.ts'
import type { Trained } from './sparse-softmax.ts'

export function toModelBytes(
  { vocabulary, weights, bias }: Trained,
  tree: ClassTree,
  calibration: Calibration,
  lexiconHash: string,
): Uint8Array {
  const { fingerprints, starts, classesSeen } = vocabulary
  const scale = Math.fround(weights.reduce((most, weight) => Math.max(most, Math.abs(weight)), 0))
  const steps = Int8Array.from(weights, (weight) => stepOf(weight, scale))
  const pairCounts = Uint16Array.from(fingerprints, (_, id) => {
    let kept = 0
    for (let pair = starts[id]!; pair < starts[id + 1]!; pair++) if (steps[pair] !== 0) kept++
    return kept
  })
  return writeModel({
    subheadings: tree.subheadings,
    fingerprints,
    pairCounts,
    classesSeen,
    outputs: vocabulary.outputs.filter((_, pair) => steps[pair] !== 0),
    steps: steps.filter((step) => step !== 0),
    scale,
    bias,
    calibration,
    lexiconHash,
  })
}
