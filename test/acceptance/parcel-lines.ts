/**
 * `npx tsx test/acceptance/parcel-lines.ts <extra_references.csv> [options]`: parcel descriptions through `npm run -s answer`, then
 * HSRATE for Canada on each code found. Prints how many were answered, how many were too vague and how often the code agrees with
 * the file's at 6, 4 and 2 digits. The file's codes were given by parcel senders; they are not all right.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { parse } from 'csv-parse/sync'
import { rootFolder } from '../../proxy/root-folder.ts'
import type { Answer, Question } from '../../shared/protocol.ts'

const [file, options = ''] = process.argv.slice(2)
if (file === undefined) throw new Error('name the CSV with "Goods Description" and "Commodity Code"')

interface ParcelLine {
  description: string
  /** As the sender gave it: 8 or 10 digits. */
  code: string
}

const rows = parse<Record<string, string>>(readFileSync(file, 'utf8'), { columns: true, bom: true })
const lines: ParcelLine[] = rows.map((row) => ({
  description: row['Goods Description'] ?? '',
  code: row['Commodity Code'] ?? '',
}))

const codes = await answer(
  lines.map(({ description }, at) => ({ id: String(at), fn: 'HSCODE', args: [description, 'CA', options] })),
)
const guesses = await answer(
  lines.map(({ description }, at) => ({ id: String(at), fn: 'HSCODE', args: [description, 'CA', 'min=0;digits=6'] })),
)
const found = codes.flatMap(({ value }, at) =>
  typeof value === 'string' && value !== '' ? [{ value, line: lines[at]! }] : [],
)
const rates = await answer(found.map(({ value }, at) => ({ id: String(at), fn: 'HSRATE', args: [value, 'CA'] })))

print('parcel lines', lines.length)
print('answered with a code', found.length, lines.length)
for (const digits of [10, 8, 6, 4])
  print(`  of ${digits} digits`, found.filter(({ value }) => value.length === digits).length, found.length)
for (const [code, times] of errorCounts(codes)) print(`  ${code}`, times, lines.length)
for (const digits of [6, 4, 2]) {
  const deep = found.filter(({ value }) => value.length >= digits)
  print(
    `agreement of what was answered at ${digits} digits`,
    deep.filter(({ value, line }) => agrees(value, line, digits)).length,
    deep.length,
  )
}
for (const digits of [6, 4, 2]) {
  const right = guesses.filter(({ value }, at) => typeof value === 'string' && agrees(value, lines[at]!, digits))
  print(`agreement of the best guess for every line at ${digits} digits`, right.length, lines.length)
}
print('codes with one Canadian rate', rates.filter(({ value }) => typeof value === 'number').length, found.length)
for (const [code, times] of errorCounts(rates)) print(`  ${code}`, times, found.length)

function agrees(code: string, line: ParcelLine, digits: number): boolean {
  return code.slice(0, digits) === line.code.slice(0, digits)
}

function errorCounts(answers: readonly Answer[]): [string, number][] {
  const counts = new Map<string, number>()
  for (const { error } of answers) if (error) counts.set(error.code, (counts.get(error.code) ?? 0) + 1)
  return [...counts].sort((a, b) => b[1] - a[1])
}

function print(what: string, count: number, of?: number): void {
  const share = of === undefined || of === 0 ? '' : `  ${((100 * count) / of).toFixed(1)} %`
  process.stdout.write(`${what.padEnd(58)} ${String(count).padStart(6)}${share}\n`)
}

async function answer(questions: readonly Question[]): Promise<Answer[]> {
  const child = spawn('npm', ['run', '-s', 'answer'], { cwd: rootFolder(), stdio: ['pipe', 'pipe', 'inherit'] })
  let output = ''
  child.stdout.on('data', (data: Buffer) => {
    output += data.toString()
  })
  child.stdin.end(questions.map((question) => `${JSON.stringify(question)}\n`).join(''))
  await once(child, 'close')
  const answers = output
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Answer)
  if (answers.length !== questions.length) throw new Error(`${questions.length} questions, ${answers.length} answers`)
  return answers
}
