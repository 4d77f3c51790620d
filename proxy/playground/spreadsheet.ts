/// <reference lib="dom" />
/** The grid: opens it on the sample workbook, calculates what an answer came for, tells what is selected. */
import { createUniver, defaultTheme, LifecycleStages, LocaleType, mergeLocales } from '@univerjs/presets'
import {
  BuiltInUIPart,
  ILayoutService,
  SetTriggerFormulaCalculationStartMutation,
  UniverSheetsCorePreset,
} from '@univerjs/presets/preset-sheets-core'
import enUS from '@univerjs/presets/preset-sheets-core/locales/en-US'
import frFR from '@univerjs/presets/preset-sheets-core/locales/fr-FR'
import zhCN from '@univerjs/presets/preset-sheets-core/locales/zh-CN'
import type { Language } from '../../shared/language.ts'
import type { FunctionHost, Place } from './function-host.ts'
import { functionHelp, functionHelpWords } from './function-help.ts'
import { elementPart } from './element-part.ts'
import { sampleWorkbook } from './sample-workbook.ts'
import { univerFunctions } from './univer-functions.ts'

export interface SelectedCell {
  place: Place
  /** `B7` */
  address: string
  /** What the cell shows, unformatted. */
  text: string
  /** With its equals sign; empty for a plain value. */
  formula: string
}

export interface Spreadsheet {
  recalculate(places: readonly Place[]): void
  selected(): SelectedCell | null
  /** Text of a cell, `B2` or `Try it!B2`; empty when there is no such cell. */
  cellText: (address: string) => string
  /** Keys go to the selected cell. */
  focus(): void
  setLanguage(language: Language): void
  setDark(dark: boolean): void
}

export interface SpreadsheetDeps {
  container: HTMLElement
  host: FunctionHost
  language: Language
  dark: boolean
  /** Stands between the formula bar and the cells. */
  strip: HTMLElement
  /** The cells are on the screen, and the keys go to them. */
  onReady: () => void
  /** Another cell was selected, or the cells show something else. */
  onChange: () => void
}

const LOCALES: Record<Language, LocaleType> = {
  en: LocaleType.EN_US,
  zh: LocaleType.ZH_CN,
  fr: LocaleType.FR_FR,
}

const FIRST_FORMULA = 'B2'

const BRAND = {
  50: '#f0f8f6',
  100: '#dcefeb',
  200: '#b5dcd4',
  300: '#84c4b8',
  400: '#4fa596',
  500: '#2e8a7b',
  600: '#1f6f63',
  700: '#1a5a51',
  800: '#164841',
  900: '#123b35',
}

// After these, formulas stand elsewhere than where they asked.
const MOVES =
  /^sheet\.mutation\.(?:insert-(?:row|col)|remove-(?:rows|col|sheet)|move-(?:rows|columns|range)|reorder-range)$/
// Commands, because the grid's own selection event leaves out the name box and the sheet tabs.
const CHANGES: ReadonlySet<string> = new Set([
  'sheet.operation.set-selections',
  'sheet.operation.set-worksheet-active',
  'formula.mutation.set-formula-calculation-result',
])

export function openSpreadsheet({
  container,
  host,
  language,
  dark,
  strip,
  onReady,
  onChange,
}: SpreadsheetDeps): Spreadsheet {
  const { univer, univerAPI } = createUniver({
    locale: LOCALES[language],
    darkMode: dark,
    theme: { ...defaultTheme, primary: BRAND },
    locales: {
      [LocaleType.EN_US]: mergeLocales(enUS, functionHelpWords('en')),
      [LocaleType.ZH_CN]: mergeLocales(zhCN, functionHelpWords('zh')),
      [LocaleType.FR_FR]: mergeLocales(frFR, functionHelpWords('fr')),
    },
    presets: [
      UniverSheetsCorePreset({
        container,
        disableAutoFocus: true,
        toolbar: false,
        footer: { menus: false },
        disableTextFormatAlert: true,
        disableTextFormatMark: true,
        sheets: { disableForceStringAlert: true, disableForceStringMark: true },
        formula: { function: univerFunctions(host), description: functionHelp() },
      }),
    ],
  })
  univerAPI.addEvent(univerAPI.Event.LifeCycleChanged, ({ stage }) => {
    if (stage !== LifecycleStages.Rendered) return
    // Parts stand in the order they come in; by now the formula bar is there.
    univerAPI.registerUIPart(BuiltInUIPart.HEADER, elementPart(strip))
    workbook.getActiveSheet().getRange(FIRST_FORMULA).activate()
    onReady()
  })
  const workbook = univerAPI.createWorkbook(sampleWorkbook(language))

  univerAPI.addEvent(univerAPI.Event.CommandExecuted, ({ id }) => {
    if (CHANGES.has(id)) onChange()
    if (!MOVES.test(id)) return
    host.forgetPlaces()
    univerAPI.getFormula().executeCalculation()
  })

  return {
    recalculate: (places) => {
      const dirtyRanges = places.map(({ sheetId, row, column }) => ({
        unitId: workbook.getId(),
        sheetId,
        range: { startRow: row, endRow: row, startColumn: column, endColumn: column },
      }))
      // The trigger goes through the grid's own queue; a calculation started past it would run into one under way.
      univerAPI.syncExecuteCommand(
        SetTriggerFormulaCalculationStartMutation.id,
        { ...NOTHING_DIRTY, dirtyRanges },
        { onlyLocal: true },
      )
    },
    selected: () => {
      const sheet = workbook.getActiveSheet()
      const cell = sheet.getActiveCell()
      if (!cell) return null
      return {
        place: { sheetId: sheet.getSheetId(), row: cell.getRow(), column: cell.getColumn() },
        address: cell.getA1Notation(),
        text: String(cell.getValue() ?? ''),
        formula: cell.getFormula(),
      }
    },
    cellText: (address) => {
      const [, name, cell = ''] = /^(?:(.+)!)?([A-Z]+\d+)$/.exec(address) ?? []
      const sheet = name === undefined ? workbook.getActiveSheet() : workbook.getSheetByName(name)
      return cell === '' ? '' : String(sheet?.getRange(cell).getValue() ?? '')
    },
    focus: () => univer.__getInjector().get(ILayoutService).focus(),
    setLanguage: (next) => univerAPI.setLocale(LOCALES[next]),
    setDark: (next) => univerAPI.toggleDarkMode(next),
  }
}

const NOTHING_DIRTY = {
  commands: [],
  forceCalculation: false,
  dirtyNameMap: {},
  dirtyDefinedNameMap: {},
  dirtySuperTableMap: {},
  dirtyUnitFeatureMap: {},
  dirtyUnitOtherFormulaMap: {},
  clearDependencyTreeCache: {},
}
