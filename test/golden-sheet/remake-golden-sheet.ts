/**
 * `npx tsx test/golden-sheet/remake-golden-sheet.ts`: asks every cell of the golden sheet anew and writes down what it shows now, after a
 * change of lexicon, classifier or tariffs, or for lines that were added without `shows`. It prints what is different from before: look
 * each of these over, since what is written here is from then on what every host must show.
 */
import { writeFileSync } from 'node:fs'
import { isDeepStrictEqual } from 'node:util'
import { answerBatch } from '../../proxy/answer/answer-batch.ts'
import { openHouse } from '../../proxy/open-house.ts'
import { rootFolder } from '../../proxy/root-folder.ts'
import type { Answer } from '../../shared/protocol.ts'
import { GOLDEN_SHEET, printFormula, readGoldenSheet, type GoldenRow } from './golden-sheet.ts'

const before = readGoldenSheet()
const log = { warn: console.warn, error: console.error }
const house = await openHouse({ rootFolder: rootFolder(), dataFolder: null, log })
const { workspaceId } = await house.seats.createWorkspace('golden sheet')
const seatId = (await house.seats.ownerSeatId(workspaceId))!
const answers = new Map<string, Answer>()
await answerBatch(
  house.answer,
  { workspaceId, seatId, dailyCapPoints: null, maySpend: false },
  before.map(({ fn, args }, at) => ({ id: String(at), fn, args })),
  { language: 'en', deadlineMs: null },
  (answer) => answers.set(answer.id, answer),
)
await house.close()

const after = before.map(({ about, fn, args }, at): GoldenRow => {
  const { value = '', table, error } = answers.get(String(at))!
  return { about, fn, args, ...(error ? { fails: error.code } : { shows: table ?? value }) }
})
for (const [at, row] of after.entries()) {
  if (isDeepStrictEqual(row, before[at])) continue
  process.stdout.write(`${printFormula(row)}\n  was ${shown(before[at]!)}\n  now ${shown(row)}\n`)
}
writeFileSync(GOLDEN_SHEET, after.map((row) => `${JSON.stringify(row)}\n`).join(''))

function shown(row: GoldenRow): string {
  return 'fails' in row ? row.fails : JSON.stringify(row.shows)
}
