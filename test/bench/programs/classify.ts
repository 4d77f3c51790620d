/** The classifier alone, as the proxy opens it: how long it takes to load, and how many products it classifies a second. */
import { join } from 'node:path'
import { createClassifier } from '../../../proxy/classifier/classify.ts'
import { loadLexicon } from '../../../proxy/classifier/lexicon.ts'
import { loadModel } from '../../../proxy/classifier/model.ts'
import { rootFolder } from '../../../proxy/root-folder.ts'
import { readInput } from './read-input.ts'

export interface ClassifyInput {
  /** All different: nothing is answered from a memory. */
  texts: string[]
  /** How many of them only warm it up. */
  warmUp: number
}

export interface ClassifyOutput {
  loadSeconds: number
  /** One for each fifth of the texts. */
  productsPerSecond: number[]
}

const PARTS = 5
const NO_FACTS = { material: '', use: '', gender: '', category: '' }

const { texts, warmUp } = await readInput<ClassifyInput>()
const folder = join(rootFolder(), 'proxy', 'classifier')
const loadBegan = performance.now()
const lexicon = loadLexicon(join(folder, 'lexicon'))
const classifier = createClassifier(loadModel(join(folder, 'model', 'hs6.model')), lexicon)
const loadSeconds = (performance.now() - loadBegan) / 1000

for (const text of texts.slice(0, warmUp)) classifier.classify(text, NO_FACTS)

const measured = texts.slice(warmUp)
const partSize = Math.floor(measured.length / PARTS)
const productsPerSecond = Array.from({ length: PARTS }, (_, part) => {
  const began = performance.now()
  for (let at = 0; at < partSize; at++) classifier.classify(measured[part * partSize + at]!, NO_FACTS)
  return partSize / ((performance.now() - began) / 1000)
})
const output: ClassifyOutput = { loadSeconds, productsPerSecond }
process.stdout.write(JSON.stringify(output))
