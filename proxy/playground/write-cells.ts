/** What the page writes into cells by itself: labels in another language, formats of rates. Nothing of it can be undone, or is taken for a person's change. */
import type { FUniver, ICellData, Nullable } from '@univerjs/presets'
import {
  SetRangeValuesMutation,
  type FWorkbook,
  type IArrayFormulaUnitCellType,
  type ISetFormulaCalculationResultMutation,
} from '@univerjs/presets/preset-sheets-core'
import type { Language } from '../../shared/language.ts'
import { formatFor } from './rate-format.ts'
import { relabelled, type Cells } from './sample-labels.ts'

/** The labels of the sample, where they still stand, in this language. */
export function writeLabels(univerAPI: FUniver, workbook: FWorkbook, language: Language): void {
  for (const { id, cellData } of Object.values(workbook.getWorkbook().getSnapshot().sheets)) {
    if (id !== undefined) writeCells(univerAPI, workbook, id, relabelled(cellData ?? {}, language))
  }
}

/**
 * The cells that were calculated: as many decimals as their rates have, and none where no rate stands any more.
 * @param spilled what array formulas show beyond their own cell: the grid leaves its formats out.
 */
export function writeRateFormats(
  univerAPI: FUniver,
  workbook: FWorkbook,
  { unitData }: ISetFormulaCalculationResultMutation,
  spilled: IArrayFormulaUnitCellType,
): void {
  const unitId = workbook.getId()
  const styles = workbook.getWorkbook().getStyles()
  for (const [sheetId, calculated] of Object.entries(unitData[unitId] ?? {})) {
    const sheet = workbook.getWorkbook().getSheetBySheetId(sheetId)
    const changed: Cells<ICellData> = {}
    const format = (shown: Cells<Nullable<ICellData>>): void => {
      for (const [row, line] of Object.entries(shown)) {
        for (const [column, cell] of Object.entries(line)) {
          const raw = sheet?.getCellRaw(Number(row), Number(column))
          const has = styles.getStyleByCell(raw)?.n?.pattern ?? null
          const brought = styles.getStyleByCell(cell)?.n?.pattern ?? null
          const wanted = formatFor({ has, brought, value: cell?.v })
          if (wanted === has) continue
          // The type is told again: the grid would guess it from the value, and make a number of a code.
          const formatted = { t: raw?.t ?? null, s: { n: wanted === null ? null : { pattern: wanted } } }
          changed[Number(row)] = { ...changed[Number(row)], [Number(column)]: formatted }
        }
      }
    }
    format(calculated ?? {})
    format(spilled[unitId]?.[sheetId] ?? {})
    writeCells(univerAPI, workbook, sheetId, changed)
  }
}

/** @returns true for what a person did to the sheets, by keys, mouse or undo. */
export function isPersonsChange(
  id: string,
  options: { fromFormula?: boolean; onlyLocal?: boolean } | undefined,
): boolean {
  if (options?.fromFormula || options?.onlyLocal) return false
  return PERSONS_CHANGES.test(id)
}

const PERSONS_CHANGES = /^(?:sheet\.mutation\.|formula\.mutation\.(?:set|remove)-defined-name$)/

function writeCells(univerAPI: FUniver, workbook: FWorkbook, subUnitId: string, cellValue: Cells<ICellData>): void {
  if (Object.keys(cellValue).length === 0) return
  const params = { unitId: workbook.getId(), subUnitId, cellValue }
  univerAPI.syncExecuteCommand(SetRangeValuesMutation.id, params, { onlyLocal: true })
}
