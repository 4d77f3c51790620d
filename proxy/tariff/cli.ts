/** The tariff command line: `npm run tariff -- import|list|show|build`. Exit codes: 0 done, 1 failed, 2 not understood. */
import { join } from 'node:path'
import { parseArgs } from 'node:util'

import { failure, failureCode } from '../../shared/error-codes.ts'
import { rootFolder } from '../root-folder.ts'
import { createTariffBook, TariffBookError, type TariffBook } from './book.ts'
import { buildPacks } from './build-packs.ts'
import { IMPORTABLE_COUNTRIES, importTariff } from './import-tariff.ts'
import { TariffImportError } from './importers/source-file.ts'
import { packFileName, TariffPackError, writePack } from './pack.ts'
import { readPack } from './read-pack.ts'
import { readSources } from './read-sources.ts'
import { savePack } from './save-pack.ts'

const USAGE = `Usage:
  npm run tariff -- import <country> <file, folder or URL> --edition <name> --from <YYYY-MM-DD> [--out <folder>]
      Reads a publisher's tariff (${IMPORTABLE_COUNTRIES.join(', ')}) into a pack with its official texts.
  npm run tariff -- list
      The editions at hand.
  npm run tariff -- show <country> <code> [--date <YYYY-MM-DD>]
      One line: units, rates, what stands below it.
  npm run tariff -- build <data folder>
      Makes the packs of the repository again.
`

const BUILT_IN_PACKS = join(rootFolder(), 'proxy', 'tariff', 'packs')
const SITE_PACKS = join(process.env['DATA_DIR'] ?? './data', 'packs')

/** A command line that was not understood. */
class UsageError extends Error {}

async function main(): Promise<void> {
  const { values, positionals } = readArguments()
  const [command, ...operands] = positionals
  switch (command) {
    case 'import':
      return importCommand(operands, values)
    case 'list':
      return listCommand()
    case 'show':
      return showCommand(operands, values)
    case 'build':
      return buildCommand(operands)
    default:
      throw new UsageError(command === undefined ? 'Say what to do.' : `"${command}" is not a command.`)
  }
}

function readArguments() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        edition: { type: 'string' },
        from: { type: 'string' },
        out: { type: 'string' },
        date: { type: 'string' },
      },
    })
  } catch (cause) {
    throw new UsageError(cause instanceof Error ? cause.message : String(cause), { cause })
  }
}

type Options = ReturnType<typeof readArguments>['values']

async function importCommand([country, place]: string[], { edition, from, out = SITE_PACKS }: Options): Promise<void> {
  if (country === undefined || place === undefined) throw new UsageError('Name the country and the file.')
  if (edition === undefined || from === undefined) {
    throw new UsageError('Name the edition and its first day: the files do not say.')
  }
  const retrieved = new Date().toISOString().slice(0, 10)
  const publication = { edition, effectiveFrom: isoDate(from), retrieved }
  const pack = await importTariff(country.toUpperCase(), await readSources(place), publication)
  const text = writePack(pack)
  // What cannot be read back must not take the place of a pack that works.
  readPack(text)
  const path = await savePack(out, packFileName(pack.about), text)
  print(`${pack.about.country} ${edition}: ${pack.lines.length} lines in ${path}`)
}

function listCommand(): void {
  const book = openBook()
  const problems = book.problems()
  for (const country of book.countries()) {
    for (const { edition, effectiveFrom, source } of book.editions(country)) {
      print(`${country}  ${effectiveFrom}  ${edition}  (${source})`)
    }
  }
  for (const { file, code, sentence } of problems) process.stderr.write(`${file}: ${code}: ${sentence}\n`)
  if (problems.length > 0) process.exitCode = 1
}

function showCommand([country, given]: string[], { date }: Options): void {
  if (country === undefined || given === undefined) throw new UsageError('Name the country and the code.')
  const book = openBook()
  const destination = country.toUpperCase()
  const day = date === undefined ? undefined : isoDate(date)
  const code = given.replaceAll(/[.\s-]/gu, '')
  const { edition, effectiveFrom } = book.edition(destination, day)
  const line = book.find(destination, code, day)
  if (!line) throw new TariffShowError(`The tariff of ${destination} (${edition}) has no code ${code}.`)

  print(`${destination} ${line.code}  ${edition}, from ${effectiveFrom}${line.isDeclarable ? '' : ', not declarable'}`)
  if (line.text !== null) print(`  ${line.text}`)
  if (line.units.length > 0) print(`  unit ${line.units.join(', ')}`)
  for (const { treatment, text, from } of book.rates(destination, code, day)) {
    print(`  ${treatment.padEnd(14)} ${text}${from === code ? '' : `  (from ${from})`}`)
  }
  for (const child of book.children(destination, code, day)) print(`  below: ${child.code}`)
}

/** A code that is not in the tariff shown. */
class TariffShowError extends Error {
  readonly code = 'code-unknown'
}

async function buildCommand([folder]: string[]): Promise<void> {
  if (folder === undefined) throw new UsageError('Name the data folder.')
  for (const [name, text] of await buildPacks(folder)) {
    await savePack(BUILT_IN_PACKS, name, text)
    print(`${name}  ${Buffer.byteLength(text)} bytes`)
  }
}

function openBook(): TariffBook {
  return createTariffBook({ folders: [BUILT_IN_PACKS, SITE_PACKS] })
}

function isoDate(text: string): string {
  const isDate = /^\d{4}-\d{2}-\d{2}$/u.test(text) && new Date(`${text}T00:00Z`).toJSON()?.startsWith(text)
  if (!isDate) throw new UsageError(`"${text}" is not a date like 2026-01-31.`)
  return text
}

function say(detail: string): string {
  // Whole, however long: a sentence cuts its details.
  return `${failureCode(failure('tariff-command', { detail }))} ${detail}`
}

function print(line: string): void {
  process.stdout.write(`${line}\n`)
}

// `npm run tariff -- show … | head` closes our output early: that is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
})

try {
  await main()
} catch (error) {
  if (error instanceof UsageError) {
    // Last, where it is seen.
    process.stderr.write(`${USAGE}\n${say(error.message)}\n`)
    process.exitCode = 2
  } else if (
    error instanceof TariffImportError ||
    error instanceof TariffBookError ||
    error instanceof TariffPackError ||
    error instanceof TariffShowError
  ) {
    process.stderr.write(`${say(`${error.message} (${error.code})`)}\n`)
    process.exitCode = 1
  } else {
    throw error
  }
}
