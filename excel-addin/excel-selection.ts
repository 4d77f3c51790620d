/// <reference types="office-js" />
/** What is selected in Excel, cut to the cells in use, with the table or used part it lies in. Two replies of Excel, rarely a third. */
import { headersOf } from '../shared/pane/headers.ts'
import { addressOf } from '../shared/pane/place.ts'
import type { Place, Region, Selection } from '../shared/pane/spreadsheet-host.ts'

const BOX = 'rowIndex,columnIndex,rowCount,columnCount'

export async function readSelection(context: Excel.RequestContext): Promise<Selection> {
  const areas = context.workbook.getSelectedRanges()
  areas.load('areaCount,address')
  const sheet = areas.worksheet
  sheet.load('id,name')
  const first = areas.areas.getItemAt(0)
  // By values: a sheet that is only coloured down to its last row is no million rows. An empty sheet answers its first cell.
  const used = sheet.getUsedRange(true)
  used.load(BOX)
  const anyUsed = sheet.getUsedRangeOrNullObject(true)
  anyUsed.load('rowIndex')
  const cut = first.getIntersectionOrNullObject(used)
  cut.load(BOX)
  const tables = first.getTables(false)
  tables.load('items/name,items/showHeaders,items/showTotals')
  await context.sync()

  const isEmpty = anyUsed.isNullObject || cut.isNullObject
  const place = isEmpty ? null : placeOf(sheet.id, cut)
  const table = tables.items[0]
  return {
    sheetName: sheet.name,
    address: place && areas.areaCount === 1 ? addressOf(sheet.name, place) : areas.address,
    place,
    areas: areas.areaCount,
    ...(place ? await readSurroundings(context, place, placeOf(sheet.id, used), table) : NOTHING_THERE),
  }
}

const NOTHING_THERE = { region: null, hasMergedCells: false, hiddenRows: 0 }

async function readSurroundings(
  context: Excel.RequestContext,
  place: Place,
  used: Place,
  table: Excel.Table | undefined,
): Promise<Pick<Selection, 'region' | 'hasMergedCells' | 'hiddenRows'>> {
  const sheet = context.workbook.worksheets.getItem(place.sheet)
  const selected = sheet.getRangeByIndexes(place.row, place.column, place.rows, place.columns)
  const visible = selected.getVisibleView()
  visible.load('rowCount')
  const merged = canAskForMerges() ? selected.getMergedAreasOrNullObject() : null
  merged?.load('areaCount')
  const whole = table?.getRange() ?? sheet.getRangeByIndexes(used.row, used.column, used.rows, used.columns)
  whole.load(BOX)
  const top = whole.getRow(0)
  top.load('values')
  await context.sync()

  return {
    region: regionOf(placeOf(place.sheet, whole), top.values[0] ?? [], table),
    hasMergedCells: merged !== null && !merged.isNullObject,
    hiddenRows: place.rows - visible.rowCount,
  }
}

/** In an older Excel this question makes it forget what the person could undo, so it is not asked there. Writing asks it once more. */
function canAskForMerges(): boolean {
  const { requirements } = Office.context
  return requirements.isSetSupported('ExcelApi', '1.13') && requirements.isSetSupported('ExcelApiUndo', '1.7')
}

function regionOf(whole: Place, top: unknown[], table: Excel.Table | undefined): Region {
  return {
    place: table?.showTotals ? { ...whole, rows: whole.rows - 1 } : whole,
    table: table?.name ?? null,
    ...headersOf(top, whole.rows, table?.showHeaders),
  }
}

function placeOf(sheet: string, range: Excel.Range): Place {
  return {
    sheet,
    row: range.rowIndex,
    column: range.columnIndex,
    rows: range.rowCount,
    columns: range.columnCount,
  }
}
