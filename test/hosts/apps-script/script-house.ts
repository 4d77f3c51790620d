/** A world, a spreadsheet in it, and lines of script to run there: for the tests of the fakes themselves. */
import { createAppsScript, type AppsScript, type AppsScriptOptions } from './apps-script.ts'
import type { Mode } from './service.ts'
import type { Spreadsheet, SpreadsheetOptions } from './spreadsheet-state.ts'

export const OWNER = 'owner@example.com'
export const EDITOR = 'editor@example.com'

export interface RunOptions {
  mode?: Mode
  user?: string
  spreadsheet?: Spreadsheet
  args?: unknown[]
}

export interface ScriptHouse {
  world: AppsScript
  spreadsheet: Spreadsheet
  /** Runs the lines as the body of a function of `a` and `b`, in mode FULL and as the owner unless told. */
  run: (lines: string, options?: RunOptions) => Promise<unknown>
}

export function openScriptHouse(
  options: AppsScriptOptions = {},
  { owner = OWNER, ...rest }: Partial<SpreadsheetOptions> = {},
): ScriptHouse {
  const world = createAppsScript(options)
  const spreadsheet = world.spreadsheet({ owner, ...rest })
  return {
    world,
    spreadsheet,
    async run(lines, { mode = 'FULL', user = owner, spreadsheet: on = spreadsheet, args = [] } = {}) {
      await world.load(`function run(a, b) { ${lines} }`)
      return world.execute({ user, spreadsheet: on, mode, fn: 'run', args })
    },
  }
}

/** What a call was refused with. */
export async function refusal(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => 'it was not refused',
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  )
}
