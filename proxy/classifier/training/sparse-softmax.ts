/**
 * Three-level sparse softmax: logit(subheading) = its own output + its heading's + its chapter's, learned together by Adagrad.
 * An output has a weight only for features it was seen with. The softmax runs over all subheadings at every step; with
 * exponentials for the touched ones only that is cheaper than sampling, and leaves nothing to correct.
 */
import { rangeOf, type ClassRange, type ClassTree } from '../class-tree.ts'
import { featuresOf } from '../features.ts'
import { ln } from '../portable-math.ts'
import { createPrior, fillMasses, type Prior } from '../softmax.ts'
import { vectorOf, type TextVector } from '../vocabulary.ts'
import { collectVocabulary, type CollectedVocabulary } from './collect-vocabulary.ts'
import type { Example } from './examples.ts'
import { createRandom, type Random } from './random.ts'
import { withTitleNoise } from './title-noise.ts'

export interface TrainingSettings {
  seed: number
  epochs: number
  /** Adagrad's step at the start; it falls in a straight line to `rateLast`. */
  rateFirst: number
  rateLast: number
  /** Sum of squared gradients a weight starts with. From zero, the first step of every weight would be a full one, however
   * little it matters: that costs half of the accuracy. */
  squaresFirst: number
  /** Share of features left out of each step. */
  dropoutShare: number
  /** Share of short terms shown as a title. */
  noiseShare: number
  /** Share of the target spread out: half over the heading, half over everything. */
  smoothing: number
  /** How strongly the number of a subheading's terms speaks for it: exponent of the ratio to the mean. */
  priorExponent: number
}

export interface Trained {
  vocabulary: CollectedVocabulary
  /** By pair of the vocabulary. */
  weights: Float32Array
  /** By output. */
  bias: Float32Array
}

// Gradients below it move no weight by a quantised step.
const GRADIENT_MIN = 1e-6
// A bias sees every example, a weight only its own: at the same rate the biases would run ahead.
const BIAS_RATE = 0.2
const STEPS_PER_REPORT = 5000

/** @param onProgress told now and then which share of the work is done. */
export function train(
  examples: readonly Example[],
  tree: ClassTree,
  settings: TrainingSettings,
  onProgress: (share: number) => void = () => {},
): Trained {
  const random = createRandom(settings.seed)
  const learner = new Learner(tree, collectVocabulary(examples, tree), priorLogits(examples, tree, settings), settings)
  const ranges = examples.map(({ code }) => rangeOf(tree, code))
  const order = Uint32Array.from(examples, (_, at) => at)
  const steps = examples.length * settings.epochs
  for (let step = 0; step < steps; step++) {
    const turn = step % examples.length
    if (turn === 0) random.shuffle(order)
    const at = order[turn]!
    const text = withTitleNoise(examples[at]!, settings.noiseShare, random)
    learner.learn(
      text,
      ranges[at]!,
      settings.rateFirst + (settings.rateLast - settings.rateFirst) * (step / steps),
      random,
    )
    if (step % STEPS_PER_REPORT === 0) onProgress(step / steps)
  }
  return learner
}

/** The prior is given, not learned: learned ones would have to be touched, and exponentiated, at every step. */
function priorLogits(examples: readonly Example[], tree: ClassTree, { priorExponent }: TrainingSettings): Float32Array {
  const counts = new Float64Array(tree.subheadings.length).fill(1)
  for (const { code, isTerm } of examples) if (isTerm) counts[rangeOf(tree, code).first]!++
  const mean = counts.reduce((sum, count) => sum + count, 0) / counts.length
  return Float32Array.from(counts, (count) => priorExponent * ln(count / mean))
}

class Learner implements Trained {
  readonly vocabulary: CollectedVocabulary
  readonly weights: Float32Array
  readonly bias: Float32Array
  private readonly tree: ClassTree
  private readonly settings: TrainingSettings
  private readonly prior: Prior
  private readonly squares: Float32Array
  private readonly biasSquares: Float32Array
  private readonly activations: Float64Array
  /** Probabilities, then gradients: what is believed minus what is true. */
  private readonly gradients: Float64Array

  constructor(tree: ClassTree, vocabulary: CollectedVocabulary, priorLogits: Float32Array, settings: TrainingSettings) {
    const { outputCount } = tree
    this.tree = tree
    this.vocabulary = vocabulary
    this.settings = settings
    this.weights = new Float32Array(vocabulary.outputs.length)
    this.bias = new Float32Array(outputCount)
    this.bias.set(priorLogits)
    this.prior = createPrior(tree, priorLogits)
    this.squares = new Float32Array(vocabulary.outputs.length).fill(settings.squaresFirst)
    this.biasSquares = new Float32Array(outputCount).fill(settings.squaresFirst)
    this.activations = new Float64Array(outputCount)
    this.gradients = new Float64Array(outputCount)
  }

  learn(text: string, truth: ClassRange, rate: number, random: Random): void {
    const vector = vectorOf(this.vocabulary, featuresOf(text), () => random.fraction() < this.settings.dropoutShare)
    this.activate(vector)
    this.findGradients(truth)
    this.step(vector, rate)
  }

  private activate({ ids, values }: TextVector): void {
    const { activations, weights, bias, tree } = this
    const { starts, outputs } = this.vocabulary
    const count = tree.subheadings.length
    activations.fill(0, 0, count)
    activations.set(bias.subarray(count), count)
    for (let at = 0; at < ids.length; at++) {
      const id = ids[at]!
      const value = values[at]!
      for (let pair = starts[id]!, end = starts[id + 1]!; pair < end; pair++) {
        activations[outputs[pair]!]! += value * weights[pair]!
      }
    }
  }

  private findGradients({ first, end }: ClassRange): void {
    const { tree, gradients, settings } = this
    const { headings, headingStart, headingOutput, chapterOutput } = tree
    const count = tree.subheadings.length
    fillMasses(tree, this.prior, this.activations, gradients)
    let inside = 0
    for (let at = first; at < end; at++) inside += gradients[at]!

    // A text of a heading or a chapter asks only for that: below it, the shares stay as they are believed.
    const spread = settings.smoothing / 2 / count
    const truthShare = (1 - settings.smoothing) / inside
    const siblings = headingOutput[first]! - count
    const siblingsFirst = headingStart[siblings]!
    const siblingsEnd = headingStart[siblings + 1]!
    const siblingSpread = settings.smoothing / 2 / (siblingsEnd - siblingsFirst)
    gradients.fill(0, count + headings.length)
    for (let heading = 0; heading < headings.length; heading++) {
      gradients[count + heading]! -= spread * (headingStart[heading + 1]! - headingStart[heading]!)
    }
    for (let at = first; at < end; at++) {
      const truth = gradients[at]! * truthShare
      gradients[at]! -= truth
      gradients[headingOutput[at]!]! -= truth
    }
    for (let at = 0; at < count; at++) gradients[at]! -= spread
    for (let at = siblingsFirst; at < siblingsEnd; at++) gradients[at]! -= siblingSpread
    gradients[count + siblings]! -= settings.smoothing / 2
    for (let heading = 0; heading < headings.length; heading++) {
      gradients[chapterOutput[headingStart[heading]!]!]! += gradients[count + heading]!
    }
  }

  private step({ ids, values }: TextVector, rate: number): void {
    const { gradients, weights, squares, bias, biasSquares } = this
    const { starts, outputs } = this.vocabulary
    for (let output = this.tree.subheadings.length; output < bias.length; output++) {
      const gradient = gradients[output]!
      if (gradient < GRADIENT_MIN && gradient > -GRADIENT_MIN) continue
      biasSquares[output]! += gradient * gradient
      bias[output]! -= (BIAS_RATE * rate * gradient) / Math.sqrt(biasSquares[output]!)
    }
    for (let at = 0; at < ids.length; at++) {
      const id = ids[at]!
      const value = values[at]!
      for (let pair = starts[id]!, end = starts[id + 1]!; pair < end; pair++) {
        const gradient = gradients[outputs[pair]!]! * value
        if (gradient < GRADIENT_MIN && gradient > -GRADIENT_MIN) continue
        squares[pair]! += gradient * gradient
        weights[pair]! -= (rate * gradient) / Math.sqrt(squares[pair]!)
      }
    }
  }
}
