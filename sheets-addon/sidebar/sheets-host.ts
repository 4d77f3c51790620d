/** Google Sheets behind the pane's host contract: what it does there (sheet-deeds.ts) a piece at a time, each an execution of its own. */
import type { Clock } from '../../shared/clock.ts'
import type { Followed, Place, ReadOptions, SpreadsheetHost, WriteReport } from '../../shared/pane/spreadsheet-host.ts'
import type { Door } from './door.ts'

// A hundred rows of six columns take a second or two, so that progress shows and stopping works.
const CELLS_PER_WRITE = 600
const CELLS_PER_READ = 5000
// Far less than after what a name counts as forgotten (followed-places.ts).
const STILL_FOLLOWED_MS = 10 * 60_000

export interface SheetsHostDeps {
  door: Door
  spreadsheetKey: string
  clock: Clock
  /** Google tells nobody of a selection; whoever selected something and wants it worked on comes back to the sidebar. */
  onReturn: (listener: () => void) => void
  openWindow: (url: string) => void
}

export function createSheetsHost({
  door,
  spreadsheetKey,
  clock,
  onReturn,
  openWindow,
}: SheetsHostDeps): SpreadsheetHost {
  const listeners = new Set<() => void>()
  onReturn(() => {
    for (const listener of listeners) listener()
  })
  const followed = new Set<string>()
  let isTelling = false
  function tellStillFollowed(): void {
    isTelling = followed.size > 0
    if (!isTelling) return
    clock.schedule(() => {
      // Told again in time where it fails.
      door('stillFollowed', [...followed]).catch(() => undefined)
      tellStillFollowed()
    }, STILL_FOLLOWED_MS)
  }

  return {
    kind: 'sheets',
    cellsPerWrite: CELLS_PER_WRITE,

    selection: () => door('selection', null),
    onSelection(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    // What a person types and what we write go side by side at Google.
    onWaiting: () => () => undefined,

    async read(place, options = {}) {
      const pieces = await inPieces(place, CELLS_PER_READ, options, (piece) => door('read', piece))
      return pieces.flat()
    },
    async readAsTheyStand(place, options = {}) {
      const pieces = await inPieces(place, CELLS_PER_READ / 2, options, (piece) => door('readAsTheyStand', piece))
      return {
        place,
        formulas: pieces.flatMap(({ formulas }) => formulas),
        formats: pieces.flatMap(({ formats }) => formats),
      }
    },
    // Google says nowhere how far a formula reaches.
    spills: async () => null,

    async follow(place): Promise<Followed> {
      const name = await door('follow', place)
      followed.add(name)
      if (!isTelling) tellStillFollowed()
      return {
        place: () => door('whereIs', name),
        async release() {
          followed.delete(name)
          await door('release', name)
        },
      }
    },

    assertMayWrite: async (cells) => void (await door('assertMayWrite', cells)),
    async write(block) {
      const report: WriteReport = { written: [], changed: [] }
      const rowsMax = Math.max(1, Math.floor(CELLS_PER_WRITE / block.columns.length))
      for (let at = 0; at < block.rows.length; at += rowsMax) {
        const { written, changed } = await door('write', { ...block, rows: block.rows.slice(at, at + rowsMax) })
        report.written.push(...written)
        report.changed.push(...changed)
      }
      return report
    },
    async restore({ place, formulas, formats }, expected, options = {}) {
      const done = await inPieces(place, CELLS_PER_WRITE, options, (piece) => {
        const [from, to] = [piece.row - place.row, piece.row - place.row + piece.rows]
        return door('restore', {
          place: piece,
          formulas: formulas.slice(from, to),
          formats: formats.slice(from, to),
          expected: expected?.slice(from, to) ?? null,
        })
      })
      const sum = (count: (one: (typeof done)[number]) => number): number =>
        done.reduce((total, one) => total + count(one), 0)
      return { restored: sum(({ restored }) => restored), changed: sum(({ changed }) => changed) }
    },

    goTo: async (place) => void (await door('goTo', place)),
    insertFormula: (formula) => door('insertFormula', formula),
    kept: (name) => door('kept', name),
    keep: async (name, text) => void (await door('keep', { name, text })),
    workbookKey: async () => spreadsheetKey,
    openWindow,
  }
}

export async function inPieces<Result>(
  place: Place,
  cellsMax: number,
  { signal, onProgress }: ReadOptions,
  work: (piece: Place) => Promise<Result>,
): Promise<Result[]> {
  const rowsMax = Math.max(1, Math.floor(cellsMax / place.columns))
  const results: Result[] = []
  for (let done = 0; done < place.rows; done += rowsMax) {
    signal?.throwIfAborted()
    const rows = Math.min(rowsMax, place.rows - done)
    results.push(await work({ ...place, row: place.row + done, rows }))
    onProgress?.(done + rows)
  }
  return results
}
