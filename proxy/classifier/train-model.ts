/**
 * The model's command line: `npm run model` trains it, `-- --check` says whether the committed model belongs to the lexicon
 * and to the code,
 * `-- --rebuild-check` trains it again and compares every byte. Exit codes: 0 done, 1 failed, 2 not understood.
 */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

import { LexiconError, loadLexicon, type Lexicon } from './lexicon.ts'
import { loadModel, ModelError, readModel } from './model.ts'
import { buildModel, SETTINGS, type Progress } from './training/build-model.ts'
import { staleness } from './training/check-model.ts'

const LEXICON_FOLDER = fileURLToPath(new URL('./lexicon', import.meta.url))
const MODEL_PATH = fileURLToPath(new URL('./model/hs6.model', import.meta.url))

const USAGE = `Usage:
  npm run model                        Trains the model from the lexicon: some minutes on one core.
  npm run model -- --check             Whether the model was trained on this lexicon.
  npm run model -- --rebuild-check     Trains it again and compares every byte.
`

function main(): void {
  const { values } = parseArgs({ options: { check: { type: 'boolean' }, 'rebuild-check': { type: 'boolean' } } })
  const lexicon = loadLexicon(LEXICON_FOLDER)
  if (values.check) checkHash(lexicon)
  else if (values['rebuild-check']) checkBytes(lexicon)
  else writeTrained(lexicon)
}

function checkHash(lexicon: Lexicon): void {
  const model = loadModel(MODEL_PATH)
  const stale = staleness(model, lexicon)
  if (stale !== null) throw new StaleModelError(stale)
  print(`The model belongs to the lexicon: ${model.sha256.slice(0, 12)}, ${model.tree.subheadings.length} subheadings.`)
}

function checkBytes(lexicon: Lexicon): void {
  const committed = readFileSync(MODEL_PATH)
  if (!committed.equals(trained(lexicon))) throw new StaleModelError('Training gives other bytes.')
  print('The model is what the lexicon makes, byte for byte.')
}

function writeTrained(lexicon: Lexicon): void {
  const bytes = trained(lexicon)
  const { sha256, vocabulary, tree } = readModel(bytes)
  mkdirSync(dirname(MODEL_PATH), { recursive: true })
  // Never half a model under the name a proxy reads.
  writeFileSync(`${MODEL_PATH}.new`, bytes)
  renameSync(`${MODEL_PATH}.new`, MODEL_PATH)
  const features = vocabulary.fingerprints.length
  print(`${tree.subheadings.length} subheadings, ${features} features, ${vocabulary.outputs.length} weights`)
  print(`${(bytes.length / 2 ** 20).toFixed(1)} MiB, ${sha256.slice(0, 12)}`)
}

function trained(lexicon: Lexicon): Uint8Array {
  const started = performance.now()
  let shown = -1
  return buildModel(lexicon, SETTINGS, ({ stage, share }: Progress) => {
    const percent = Math.floor(share * 20) * 5
    if (percent === shown) return
    shown = percent
    const elapsedSeconds = (performance.now() - started) / 1000
    const left = share > 0 ? `, ${Math.ceil((elapsedSeconds * (1 - share)) / share)} s left` : ''
    print(`${stage} ${percent} %${left}`)
  })
}

class StaleModelError extends Error {
  constructor(stale: string) {
    super(`${stale} Run npm run model.`)
  }
}

function print(line: string): void {
  process.stdout.write(`${line}\n`)
}

try {
  main()
} catch (error) {
  const isUsage = error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS')
  const isExpected = error instanceof LexiconError || error instanceof ModelError || error instanceof StaleModelError
  if (!isUsage && !isExpected) throw error
  process.stderr.write(isUsage ? `${error.message}\n${USAGE}` : `${error.message}\n`)
  process.exitCode = isUsage ? 2 : 1
}
