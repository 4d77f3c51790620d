import { SETTINGS } from '../../../../proxy/classifier/training/build-model.ts'
import type { TrainingSettings } from '../../../../proxy/classifier/training/sparse-softmax.ts'

/** A toy lexicon has few terms: it takes more turns to learn them. */
export const TOY_SETTINGS: TrainingSettings = { ...SETTINGS, epochs: 60 }
