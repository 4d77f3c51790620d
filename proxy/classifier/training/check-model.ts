/** Whether a model belongs to the lexicon and to the code that reads texts, without training it again. */
import type { Lexicon } from '../lexicon.ts'
import type { Model } from '../model.ts'
import { collectVocabulary } from './collect-vocabulary.ts'
import { examplesOf } from './examples.ts'

/**
 * The vocabulary is compared too: it changes with the words and with the features made of them, and a model that is asked for
 * features it was not trained on answers worse without failing. Takes some seconds.
 * @returns what does not fit, or null.
 */
export function staleness(model: Model, lexicon: Lexicon): string | null {
  if (model.lexiconHash !== lexicon.hash()) return 'The lexicon has changed since the model was trained.'
  const { fingerprints } = collectVocabulary(examplesOf(lexicon), model.tree)
  const known = model.vocabulary.fingerprints
  const isSame =
    fingerprints.length === known.length && fingerprints.every((fingerprint, at) => fingerprint === known[at])
  return isSame ? null : 'Texts are read into other features than when the model was trained.'
}
