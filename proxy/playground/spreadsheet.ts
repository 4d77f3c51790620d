/// <reference lib="dom" />
/** The grid: opens it on the sample workbook, calculates what an answer came for, tells what is selected. */
import {
  createUniver,
  defaultTheme,
  DOCS_NORMAL_EDITOR_UNIT_ID_KEY,
  IUniverInstanceService,
  LifecycleStages,
  LocaleType,
  mergeLocales,
  type DocumentDataModel,
  type IWorkbookData,
} from '@univerjs/presets'
import {
  BuiltInUIPart,
  CellAlertManagerService,
  FormulaDataModel,
  IEditorBridgeService,
  ILayoutService,
  SetFormulaCalculationResultMutation,
  SetTriggerFormulaCalculationStartMutation,
  type FWorkbook,
  type ISetFormulaCalculationResultMutation,
  UniverSheetsCorePreset,
} from '@univerjs/presets/preset-sheets-core'
import enUS from '@univerjs/presets/preset-sheets-core/locales/en-US'
import frFR from '@univerjs/presets/preset-sheets-core/locales/fr-FR'
import zhCN from '@univerjs/presets/preset-sheets-core/locales/zh-CN'
import type { Language } from '../../shared/language.ts'
import type { FunctionHost, Place } from './function-host.ts'
import { functionHelp, functionHelpWords } from './function-help.ts'
import { elementPart } from './element-part.ts'
import { explainErrors } from './error-box.ts'
import { sampleWorkbook } from './sample-workbook.ts'
import { univerFunctions } from './univer-functions.ts'
import { isPersonsChange, writeLabels, writeRateFormats } from './write-cells.ts'

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
  /** What the editor of a cell holds; null when no cell is edited. */
  editedText: () => string | null
  /** What is on the sheets, answers included. */
  workbook(): IWorkbookData
  /** Throws away what is on the sheets. */
  startOver(): void
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
  /** What a person left here; null for the sample. */
  kept: Partial<IWorkbookData> | null
  /** Stands between the formula bar and the cells. */
  strip: HTMLElement
  /** The cells are on the screen, and the keys go to them. */
  onReady: () => void
  /** Another cell was selected, or the cells show something else. */
  onChange: () => void
  /** A person changed a sheet. */
  onEdit: () => void
  /** What was kept could not be opened: the sample stands there instead. */
  onKeptFailed: () => void
}

const LOCALES: Record<Language, LocaleType> = {
  en: LocaleType.EN_US,
  zh: LocaleType.ZH_CN,
  fr: LocaleType.FR_FR,
}

const FIRST_FORMULA = 'B2'
// In pixels, as in playground.css.
const NARROW_MAX = 480

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
const SHEET_OPENED = 'sheet.operation.set-worksheet-active'
const CHANGES: ReadonlySet<string> = new Set([
  'sheet.operation.set-selections',
  SHEET_OPENED,
  'formula.mutation.set-formula-calculation-result',
])

export function openSpreadsheet(deps: SpreadsheetDeps): Spreadsheet {
  const { container, host, dark, strip } = deps
  let { language } = deps
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
        // On a narrow screen the slider would cover the names of the sheets.
        footer: { menus: false, zoomSlider: container.clientWidth > NARROW_MAX },
        disableTextFormatAlert: true,
        disableTextFormatMark: true,
        sheets: { disableForceStringAlert: true, disableForceStringMark: true },
        formula: { function: univerFunctions(host), description: functionHelp() },
      }),
    ],
  })
  const injector = univer.__getInjector()
  let dropDoubledBox: () => void = () => undefined
  univerAPI.addEvent(univerAPI.Event.LifeCycleChanged, ({ stage }) => {
    if (stage !== LifecycleStages.Rendered) return
    // Parts stand in the order they come in; by now the formula bar is there.
    univerAPI.registerUIPart(BuiltInUIPart.HEADER, elementPart(strip))
    dropDoubledBox = explainErrors({
      boxes: injector.get(CellAlertManagerService),
      failureAt: (place) => host.failureAt(place),
      isSelected: (place) => isSamePlace(place, selected()?.place),
    })
    goToFirstFormula()
    host.sheetOpened(workbook.getActiveSheet().getSheetId())
    deps.onReady()
  })
  let workbook = openKept() ?? univerAPI.createWorkbook(sampleWorkbook(language))

  /** @returns null when nothing is kept, or nothing that the grid can open. */
  function openKept(): FWorkbook | null {
    if (deps.kept === null) return null
    try {
      const opened = univerAPI.createWorkbook(deps.kept)
      // Kept in one language, opened in another.
      writeLabels(univerAPI, opened, language)
      return opened
    } catch {
      if (deps.kept.id !== undefined) univerAPI.disposeUnit(deps.kept.id)
      deps.onKeptFailed()
      return null
    }
  }

  function goToFirstFormula(): void {
    const sheet = workbook.getActiveSheet()
    // A person can leave a sheet without it.
    if (Math.min(sheet.getMaxRows(), sheet.getMaxColumns()) > 1) sheet.getRange(FIRST_FORMULA).activate()
  }

  function selected(): SelectedCell | null {
    const sheet = workbook.getActiveSheet()
    const cell = sheet.getActiveCell()
    if (!cell) return null
    return {
      place: { sheetId: sheet.getSheetId(), row: cell.getRow(), column: cell.getColumn() },
      address: cell.getA1Notation(),
      text: String(cell.getValue() ?? ''),
      formula: cell.getFormula(),
    }
  }

  univerAPI.addEvent(univerAPI.Event.CommandExecuted, ({ id, params, options }) => {
    if (id === SetFormulaCalculationResultMutation.id) {
      writeRateFormats(
        univerAPI,
        workbook,
        params as ISetFormulaCalculationResultMutation,
        injector.get(FormulaDataModel).getArrayFormulaCellData(),
      )
    }
    if (id === SHEET_OPENED) host.sheetOpened(workbook.getActiveSheet().getSheetId())
    if (CHANGES.has(id)) {
      dropDoubledBox()
      deps.onChange()
    }
    if (isPersonsChange(id, options)) deps.onEdit()
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
    selected,
    cellText: (address) => {
      const [, name, cell = ''] = /^(?:(.+)!)?([A-Z]+\d+)$/.exec(address) ?? []
      const sheet = name === undefined ? workbook.getActiveSheet() : workbook.getSheetByName(name)
      return cell === '' ? '' : String(sheet?.getRange(cell).getValue() ?? '')
    },
    editedText: () => {
      if (!injector.get(IEditorBridgeService).isVisible().visible) return null
      const editor = injector.get(IUniverInstanceService).getUnit<DocumentDataModel>(DOCS_NORMAL_EDITOR_UNIT_ID_KEY)
      return editor?.getPlainText() ?? null
    },
    workbook: () => workbook.save(),
    startOver: () => {
      univerAPI.disposeUnit(workbook.getId())
      host.forgetPlaces()
      workbook = univerAPI.createWorkbook(sampleWorkbook(language))
      goToFirstFormula()
      deps.onChange()
    },
    focus: () => injector.get(ILayoutService).focus(),
    setLanguage: (next) => {
      language = next
      univerAPI.setLocale(LOCALES[next])
      writeLabels(univerAPI, workbook, next)
    },
    setDark: (next) => univerAPI.toggleDarkMode(next),
  }
}

function isSamePlace(place: Place, other: Place | undefined): boolean {
  return place.sheetId === other?.sheetId && place.row === other.row && place.column === other.column
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
