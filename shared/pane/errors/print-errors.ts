/** The list as text to copy: a line each, its sentence with the code in front, columns by tabs, so that it can be pasted into a sheet. */
import { neutralise } from '../../neutralise.ts'
import type { ShownError } from '../pane-deps.ts'

export function printErrors(errors: readonly ShownError[]): string {
  return errors
    .map(({ at, fn, address, message, times }) =>
      [new Date(at).toISOString(), fn, address ?? '', times, message].map(asCell).join('\t'),
    )
    .join('\n')
}

/** One line, and no formula: a sentence may quote a cell. */
function asCell(value: string | number): string {
  return neutralise(String(value).replaceAll(/\s+/g, ' '))
}
