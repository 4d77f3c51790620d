/**
 * `npm run bench`: every figure of the product that is a promise, measured in one run and printed beside its aim.
 * `npm run bench -- http start` measures some of them; `--as-built` takes dist/ as it lies there.
 * Exit code 1 only when a figure cannot be measured: a slow machine misses aims, and that is not a failure.
 */
import { buildProduct, buildPrograms } from './build-all.ts'
import { measureBulkRun } from './bulk-run.ts'
import { measureClassifier } from './classifier-speed.ts'
import { measureColdStart } from './cold-start.ts'
import { measureExcelFill } from './excel-fill.ts'
import { measureExcelWrite } from './excel-write.ts'
import { printTable, type Figure } from './figure.ts'
import { measureGoogleFormulas } from './google-formulas.ts'
import { measureHttpAnswers } from './http-answers.ts'
import { measureJobRun } from './job-run.ts'
import { measureLedger } from './ledger-speed.ts'
import { findPins, machineLine, type Pins } from './machine.ts'
import { measurePaneStart } from './pane-start.ts'
import { measureMemory } from './resident-memory.ts'
import { measureSharedDatabase } from './shared-database.ts'
import { measureUpstreams } from './upstream-calls.ts'

const MEASURES: Record<string, (pins: Pins | null) => Promise<Figure[]>> = {
  http: measureHttpAnswers,
  excel: measureExcelFill,
  sheet: measureExcelWrite,
  google: measureGoogleFormulas,
  bulk: measureBulkRun,
  pane: measurePaneStart,
  classifier: measureClassifier,
  start: measureColdStart,
  memory: measureMemory,
  ledger: measureLedger,
  upstreams: measureUpstreams,
  jobs: measureJobRun,
  shared: measureSharedDatabase,
}
const AS_BUILT = '--as-built'

const wanted = process.argv.slice(2).filter((argument) => argument !== AS_BUILT)
const unknown = wanted.filter((name) => !Object.hasOwn(MEASURES, name))
if (unknown.length > 0) {
  say(`There is no ${unknown.join(', ')} to measure. Known: ${Object.keys(MEASURES).join(', ')}, ${AS_BUILT}.`)
  process.exitCode = 1
} else {
  await measureAll(wanted.length === 0 ? Object.keys(MEASURES) : wanted)
}

async function measureAll(names: readonly string[]): Promise<void> {
  const pins = findPins()
  const machine = `Measured on ${machineLine()}; ${
    pins ? `server kept on core ${pins.server}, load on core ${pins.load}` : 'processes not pinned to cores'
  }.`
  say(machine)
  if (!process.argv.includes(AS_BUILT)) buildProduct()
  await buildPrograms()

  const figures: Figure[] = []
  for (const name of names) {
    try {
      const measured = await MEASURES[name]!(pins)
      for (const { name, value } of measured) say(`${name}: ${value}`)
      figures.push(...measured)
    } catch (error) {
      say(`${name} could not be measured: ${error instanceof Error ? error.message : String(error)}`)
      process.exitCode = 1
    }
  }
  say(`\n${printTable(figures)}\n\n${machine}`)
}

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}
