/** What an operator does with what workspaces approved: count it, take a copy, put one in. */
import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { isFailure, FailureError, sentence } from '../../../shared/error-codes.ts'
import { MEMORY_CSV_BYTES_MAX } from '../../../shared/memory-protocol.ts'
import { OPERATOR } from '../../audit/audit.ts'
import { loadLexicon } from '../../classifier/lexicon.ts'
import { readConfig, type Environment } from '../../config.ts'
import { createCodeCheck, type CodeCheck } from '../../memory/check-code.ts'
import { importCsv, type ImportReport } from '../../memory/import-csv.ts'
import { printCsv } from '../../memory/print-csv.ts'
import { rootFolder } from '../../root-folder.ts'
import { createTariffBook } from '../../tariff/book.ts'
import { lastAndBefore, type Command, type Print } from '../command.ts'
import type { Admin } from '../open-admin.ts'
import { printable, printTable } from '../print-table.ts'
import { findWorkspace, listWorkspaces, refuse } from '../workspaces.ts'

export const MEMORY_COMMANDS: readonly Command[] = [
  {
    name: 'memory count',
    usage: '[--json]',
    help: 'How many codes each workspace approved.',
    operands: [0, 0],
    options: ['json'],
    run: (admin, { options: { json = false }, print }) => countMemory(admin, print, json),
  },
  {
    name: 'memory export',
    usage: '[<workspace>]',
    help: 'All of a workspace’s approved codes as CSV.',
    operands: [0, 1],
    async run(admin, { operands: [wanted], world }) {
      const { id } = await findWorkspace(admin.database, wanted)
      await admin.approvals.recordExport(id, OPERATOR)
      for await (const text of printCsv(admin.approvals.pages(id))) world.stdout.write(text)
    },
  },
  {
    name: 'memory import',
    usage: '[<workspace>] <file> [--dry-run] [--skip-bad]',
    help: 'Approves what a CSV file lists: all of it, or nothing where a line is bad.',
    operands: [1, 2],
    options: ['dry-run', 'skip-bad'],
    async run(admin, { operands, options, print, world }) {
      const [wanted, file] = lastAndBefore(operands)
      const workspace = await findWorkspace(admin.database, wanted)
      const report = await importCsv(
        { approvals: admin.approvals, codes: openCodeCheck(world.environment, admin.now) },
        {
          workspaceId: workspace.id,
          actor: OPERATOR,
          file: await readBounded(file),
          dryRun: options['dry-run'] ?? false,
          skipBad: options['skip-bad'] ?? false,
        },
      )
      if (isFailure(report)) throw new FailureError(report)
      printReport(print, workspace.name, report)
    },
  },
]

const BAD_LINES_PRINTED = 20

async function countMemory({ database, approvals }: Admin, print: Print, isJson: boolean): Promise<void> {
  const states = await approvals.states()
  const rows = (await listWorkspaces(database)).map(({ id, name }) => ({
    id,
    name,
    entries: states.get(id)?.entries ?? 0,
  }))
  if (isJson) return print(JSON.stringify(rows, null, 2))
  const lines = printTable<(typeof rows)[number]>(
    [
      { title: 'id', value: ({ id }) => id },
      { title: 'name', value: ({ name }) => name },
      { title: 'approved', value: ({ entries }) => entries },
    ],
    rows,
    'There is no workspace yet: npm start makes the first one.',
  )
  lines.forEach(print)
}

function printReport(print: Print, name: string, { imported, counts, bad }: ImportReport): void {
  const done = imported ? '' : 'nothing was changed; it would be '
  print(
    `${printable(name)}: ${done}${counts.new} new, ${counts.changed} changed, ${counts.same} the same, ${bad.length} bad.`,
  )
  for (const { line, failed } of bad.slice(0, BAD_LINES_PRINTED))
    print(`  line ${line}: ${printable(sentence(failed))}`)
  if (bad.length > BAD_LINES_PRINTED) print(`  and ${bad.length - BAD_LINES_PRINTED} more`)
  if (!imported && bad.length > 0) {
    print('As it is, the import would be refused. Mend these lines, or take the good ones with --skip-bad.')
  }
  if (imported) print('A running proxy answers with it within five seconds.')
}

async function readBounded(file: string): Promise<Uint8Array> {
  const bytes = await stat(file).then(
    ({ size }) => size,
    () => null,
  )
  if (bytes === null) throw refuse(`There is no file ${printable(file)}.`)
  if (bytes > MEMORY_CSV_BYTES_MAX) throw refuse(`The file is larger than ${MEMORY_CSV_BYTES_MAX / 1e6} MB.`)
  return readFile(file)
}

/** The tariffs and words of the proxy, which other commands do without. */
function openCodeCheck(environment: Environment, now: () => number): CodeCheck {
  const proxyFolder = join(rootFolder(), 'proxy')
  const book = createTariffBook({
    folders: [join(proxyFolder, 'tariff', 'packs'), join(readConfig(environment).dataFolder, 'packs')],
  })
  return createCodeCheck({ book, labels: loadLexicon(join(proxyFolder, 'classifier', 'lexicon')), now })
}
