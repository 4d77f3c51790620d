/** Lexicon → model file: one training to measure how far it can be believed, one on everything. */
import { createClassTree } from '../class-tree.ts'
import type { Lexicon } from '../lexicon.ts'
import { readModel } from '../model.ts'
import { calibrate, holdOut, UNCALIBRATED } from './calibrate.ts'
import { examplesOf } from './examples.ts'
import { toModelBytes } from './quantise.ts'
import { train, type TrainingSettings } from './sparse-softmax.ts'

export const SETTINGS: TrainingSettings = {
  seed: 2022,
  epochs: 8,
  rateFirst: 1,
  rateLast: 0.1,
  squaresFirst: 0.03,
  dropoutShare: 0.2,
  noiseShare: 0.3,
  smoothing: 0.05,
  priorExponent: 0.5,
}

export interface Progress {
  stage: 'calibrating' | 'training'
  /** Of both stages together, 0–1. */
  share: number
}

/** The same bytes from the same lexicon on every machine: draws are seeded, and nothing is left to the engine's Math.exp. */
export function buildModel(
  lexicon: Lexicon,
  settings: TrainingSettings = SETTINGS,
  onProgress: (progress: Progress) => void = () => {},
): Uint8Array {
  const tree = createClassTree(lexicon.codes().filter((code) => code.length === 6))
  const examples = examplesOf(lexicon)
  const { kept, held } = holdOut(examples, settings.seed)
  const rehearsal = train(kept, tree, settings, (share) => onProgress({ stage: 'calibrating', share: share / 2 }))
  const rehearsed = readModel(toModelBytes(rehearsal, tree, UNCALIBRATED, lexicon.hash()))
  const calibration = calibrate(rehearsed, held, settings.seed)
  const trained = train(examples, tree, settings, (share) => onProgress({ stage: 'training', share: (1 + share) / 2 }))
  return toModelBytes(trained, tree, calibration, lexicon.hash())
}
