/// <reference lib="dom" />
/**
 * Pictures of every view of the pane in Excel, after some work was done in it, and of the sidebar in Google Sheets, to look at:
 * `npm run screenshots [-- <folder> [picture…] [--for-readme]]`. Light, dark, 320 px wide and Chinese, into the folder (the system's
 * temporary one, unless named); the sidebar light, 300 px wide. Where the sidebar alone is named, no other is taken. With --for-readme
 * the pictures that are named are written to excel-addin/pictures/ and sheets-addon/pictures/ too, light and dark. The Chinese ones
 * need a Chinese font on the machine (Debian: fonts-noto-cjk).
 */
import { mkdirSync, mkdtempSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import sharp from 'sharp'
import { PREVIEW_SHEETS } from '../../excel-addin/preview-sheets.ts'
import type { Language } from '../../shared/language.ts'
import { BULK_WORDS } from '../../shared/pane/bulk/words.ts'
import { DOCTOR_WORDS } from '../../shared/pane/doctor/words.ts'
import { FREEZE_WORDS } from '../../shared/pane/freeze/words.ts'
import { PICTURE_WORDS } from '../../shared/pane/picture/words.ts'
import { REVIEW_WORDS } from '../../shared/pane/review/words.ts'
import { SHELL_WORDS } from '../../shared/pane/shell/words.ts'
import { TRADE_WORDS } from '../../shared/pane/trade/words.ts'
import type { ViewId } from '../../shared/pane/view-ids.ts'
import { WIZARD_WORDS } from '../../shared/pane/wizard/words.ts'
import { openExcelGrid, type ExcelGrid } from '../hosts/excel-grid.ts'
import { openSheets, OWNER } from '../sheets-addon/sheets-house.ts'
import { settled, tooWide } from './axe.ts'
import { startPaneHouse, type OpenPaneOptions } from './pane-house.ts'
import { failCell, fillWorkspace, showView } from './sample-work.ts'
import { serveSidebars, SIDEBAR_WIDTH } from './sidebar-house.ts'

const [FOR_EXCEL, FOR_SHEETS] = ['excel-addin', 'sheets-addon'].map((part) =>
  join(import.meta.dirname, '../..', part, 'pictures'),
) as [string, string]
// Without those that classify: what a simulator says of goods is made up.
const UPSTREAMS = ['hsciq', 'tradewind', 'juhe'] as const
const BYTES_MAX = 120_000
const MUG = `<svg xmlns="http://www.w3.org/2000/svg" width="400" height="300"><rect width="400" height="300" fill="#e8e2d8"/>
<path d="M250 120h40a40 40 0 0 1 0 90h-40" fill="none" stroke="#1f6f63" stroke-width="18"/>
<path d="M120 80h140v120a40 40 0 0 1-40 40h-60a40 40 0 0 1-40-40z" fill="#1f6f63"/><ellipse cx="190" cy="80" rx="70" ry="14" fill="#11463e"/></svg>`

// Before the proxy of this process reads its first picture, and forbids SVG from then on.
const MUG_PNG = await sharp(Buffer.from(MUG)).png().toBuffer()

interface Look {
  name: string
  language: Language
  isForReadme: boolean
  options: OpenPaneOptions
}

const LOOKS: readonly Look[] = [
  { name: 'light', language: 'en', isForReadme: true, options: { context: { deviceScaleFactor: 2 } } },
  {
    name: 'dark',
    language: 'en',
    isForReadme: true,
    options: { context: { deviceScaleFactor: 2, colorScheme: 'dark' } },
  },
  { name: '320', language: 'en', isForReadme: false, options: { width: 320 } },
  { name: 'zh', language: 'zh', isForReadme: false, options: {} },
]

interface OpenWork {
  page: Page
  grid: ExcelGrid
  language: Language
}

interface Picture {
  name: string
  view: ViewId
  /** What a person does there first. */
  act?: (work: OpenWork) => Promise<void>
}

const PICTURES: readonly Picture[] = [
  { name: 'bulk', view: 'bulk' },
  {
    name: 'bulk-result',
    view: 'bulk',
    async act({ page, language }) {
      const words = BULK_WORDS[language]
      await press(page, words.preview)
      await press(page, words.classifyFree('12'))
      await page.getByRole('heading', { name: words.over }).waitFor()
    },
  },
  {
    name: 'review',
    view: 'review',
    async act({ page, language }) {
      await press(page, REVIEW_WORDS[language].next)
    },
  },
  {
    name: 'wizard',
    view: 'wizard',
    async act({ page, language }) {
      const words = WIZARD_WORDS[language]
      await press(page, 'HSALT')
      await page.getByRole('textbox').first().fill('B4')
      await page.getByRole('region', { name: words.table }).waitFor()
    },
  },
  {
    name: 'doctor',
    view: 'doctor',
    async act({ page, language }) {
      const words = DOCTOR_WORDS[language]
      await page.getByRole('combobox', { name: words.column }).selectOption('Supplier code (F)')
      await press(page, words.look)
      await page.getByRole('checkbox').first().waitFor()
    },
  },
  {
    name: 'freeze',
    view: 'freeze',
    async act({ page, grid, language }) {
      const words = FREEZE_WORDS[language]
      grid.person.select({ sheet: 'Offer', row: 0, column: 0, rows: 1, columns: 1 })
      await press(page, words.find)
      await press(page, words.freeze(3, '3'))
      await page.getByText(words.frozen(3, '3')).waitFor()
      grid.person.select({ sheet: 'Stock', row: 0, column: 0, rows: 1, columns: 1 })
      await press(page, words.find)
      await page.getByRole('list', { name: words.perFunction }).waitFor()
    },
  },
  { name: 'memory', view: 'memory' },
  {
    name: 'picture',
    view: 'picture',
    async act({ page, language }) {
      const words = PICTURE_WORDS[language]
      await page.locator('input[type=file]').setInputFiles({ name: 'mug.png', mimeType: 'image/png', buffer: MUG_PNG })
      await page.getByRole('img', { name: words.preview }).waitFor()
      await press(page, words.lookUp)
      await page.getByText(words.results).waitFor()
    },
  },
  { name: 'desk', view: 'desk' },
  {
    name: 'trade',
    view: 'trade',
    async act({ page, language }) {
      const words = TRADE_WORDS[language]
      await page.getByRole('textbox', { name: words.product }).fill('610910')
      await press(page, words.lookUp)
      await page.getByRole('table').waitFor()
    },
  },
  { name: 'points', view: 'points' },
  { name: 'errors', view: 'errors' },
  { name: 'settings', view: 'settings' },
]

const SIDEBAR = 'sidebar'

const FOR_README = '--for-readme'
const typed = process.argv.slice(2)
const [folder = mkdtempSync(join(tmpdir(), 'tariffcell-screenshots-')), ...named] = typed.filter(
  (word) => word !== FOR_README,
)
// Nobody who only looks at a picture means to change the one that is committed.
const forReadme = typed.includes(FOR_README) ? named : []
const names = [...PICTURES.map(({ name }) => name), SIDEBAR]
const unknown = named.find((name) => !names.includes(name))
if (unknown !== undefined) {
  process.stderr.write(`No picture is called ${unknown}. Pictures: ${names.join(', ')}\n`)
  process.exit(1)
}
mkdirSync(folder, { recursive: true })
if (named.join() !== SIDEBAR) for (const look of LOOKS) await takeAll(look)
if (named.length === 0 || named.includes(SIDEBAR)) await takeSidebar()

/** In a house of its own: what one look bought would be known in the next. */
async function takeAll({ name: look, language, isForReadme, options }: Look): Promise<void> {
  const house = await startPaneHouse({ upstreams: UPSTREAMS })
  try {
    await fillWorkspace(house)
    const { page, grid, problems } = await house.openInExcel({
      ...options,
      workbook: openWorkbook(),
      async before(opened) {
        await opened.addInitScript((chosen) => localStorage.setItem('tariffcell.language', chosen), language)
      },
    })
    await failCell(page, 'HSRATE', ['abc', 'CA'], 'Products!F3')
    await failCell(page, 'HSCODE', [12345, 'CA'], 'Products!A10')
    await failCell(page, 'HSCODE', ['parts', 'CA'], 'Offer!B5')
    for (const { name, view, act } of PICTURES) {
      await showView(page, SHELL_WORDS[language], view)
      await act?.({ page, grid, language })
      // Away from what it would colour.
      await page.mouse.move(0, 0)
      await settled(page)
      problems.push(...(await tooWide(page)))
      const picture = await page.screenshot({ path: join(folder, `${name}-${look}.png`), fullPage: true })
      process.stdout.write(`${join(folder, `${name}-${look}.png`)}\n`)
      if (isForReadme && forReadme.includes(name)) await keepForReadme(FOR_EXCEL, picture, `${name}-${look}.png`)
    }
    for (const problem of problems) process.stderr.write(`${look}: ${problem}\n`)
  } finally {
    await house.close()
  }
}

/** After a run, the add-on as it is built, at a fake Google. */
async function takeSidebar(): Promise<void> {
  const house = await startPaneHouse({ upstreams: UPSTREAMS })
  try {
    await fillWorkspace(house)
    const { workspaceId, seatId } = house.askers[0]
    const code = async (): Promise<string> =>
      (await house.house.seats.createConnectionCode({ workspaceId, role: 'seat', name: 'sheets' }, seatId)).code
    const sheets = await openSheets({ url: house.proxy.url, code })
    const spreadsheet = await sheets.openSheet({ name: 'Products', sheets: PREVIEW_SHEETS, dailyCapPoints: 50 })
    const sidebars = await serveSidebars(house.browser, sheets.world)
    const { page, problems } = await sidebars.open(spreadsheet, OWNER, {
      context: { deviceScaleFactor: 2, viewport: { width: SIDEBAR_WIDTH, height: 640 } },
      // tsx gives functions their names by this, and some of them run in the page.
      async before(opened) {
        await opened.addInitScript({ content: 'globalThis.__name = (named) => named' })
      },
    })
    const words = BULK_WORDS.en
    await showView(page, SHELL_WORDS.en, 'bulk')
    await press(page, words.preview)
    await press(page, words.classifyFree('12'))
    await page.getByRole('heading', { name: words.over }).waitFor()
    await page.mouse.move(0, 0)
    await settled(page)
    problems.push(...(await tooWide(page)))
    const name = `${SIDEBAR}-light.png`
    const picture = await page.screenshot({ path: join(folder, name), fullPage: true })
    process.stdout.write(`${join(folder, name)}\n`)
    if (forReadme.includes(SIDEBAR)) await keepForReadme(FOR_SHEETS, picture, name)
    for (const problem of problems) process.stderr.write(`sidebar: ${problem}\n`)
  } finally {
    await house.close()
  }
}

/** The products, and two sheets with formulas of ours. */
function openWorkbook(): ExcelGrid {
  const sheets = ['Offer', 'Stock']
  const goods = ["men's knitted T-shirt", 'ceramic coffee mug', 'LED desk lamp', 'parts']
  const shown = ['6109.10', '6912.00', '9405.21', '#N/A']
  const rows = [['Description', 'HS code'], ...goods.map((text) => [text])]
  const grid = openExcelGrid([...PREVIEW_SHEETS, ...sheets.map((name) => ({ name, rows }))])
  for (const sheet of sheets) {
    shown.forEach((value, at) => {
      grid.person.type(sheet, at + 1, 1, `=HSCODE(A${at + 2},"CA")`)
      grid.person.calculate(sheet, at + 1, 1, value)
    })
  }
  return grid
}

/** With as few colours as show no difference. */
async function keepForReadme(place: string, picture: Buffer, name: string): Promise<void> {
  mkdirSync(place, { recursive: true })
  const file = join(place, name)
  await sharp(picture).png({ palette: true, compressionLevel: 9, effort: 10 }).toFile(file)
  const bytes = statSync(file).size
  if (bytes > BYTES_MAX) throw new Error(`${file} has ${bytes} bytes, and the README has room for ${BYTES_MAX}`)
  process.stdout.write(`${file}\n`)
}

async function press(page: Page, name: string | RegExp): Promise<void> {
  await page.getByRole('button', { name, exact: true }).click()
}
