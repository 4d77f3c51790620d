/// <reference lib="dom" />
/**
 * Pictures of every view of the pane, to look at: `npm run screenshots [-- <folder> [view…]]`.
 * Light, dark, 320 px wide and Chinese, into the folder (the system's temporary one, unless named). Views that are named are
 * written to excel-addin/pictures/ too, light and dark, for the README.
 */
import { copyFileSync, mkdirSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import sharp from 'sharp'
import type { Language } from '../../shared/language.ts'
import { SHELL_WORDS } from '../../shared/pane/shell/words.ts'
import { isViewId, VIEW_IDS, type ViewId } from '../../shared/pane/view-ids.ts'
import { TRADE_WORDS } from '../../shared/pane/trade/words.ts'
import { PICTURE_WORDS } from '../../shared/pane/picture/words.ts'
import { settled } from './axe.ts'
import { startPaneHouse, type OpenPaneOptions } from './pane-house.ts'
import { failCell, fillWorkspace, showView } from './sample-work.ts'

const PICTURES = join(import.meta.dirname, '../../excel-addin/pictures')
const MUG = `<svg xmlns="http://www.w3.org/2000/svg" width="400" height="300"><rect width="400" height="300" fill="#e8e2d8"/>
<path d="M250 120h40a40 40 0 0 1 0 90h-40" fill="none" stroke="#1f6f63" stroke-width="18"/>
<path d="M120 80h140v120a40 40 0 0 1-40 40h-60a40 40 0 0 1-40-40z" fill="#1f6f63"/><ellipse cx="190" cy="80" rx="70" ry="14" fill="#11463e"/></svg>`

// Before the proxy of this process reads its first picture, and forbids SVG from then on.
const MUG_PNG = await sharp(Buffer.from(MUG)).png().toBuffer()

interface Look {
  name: string
  language: Language
  options: OpenPaneOptions
}

const LOOKS: readonly Look[] = [
  { name: 'light', language: 'en', options: {} },
  { name: 'dark', language: 'en', options: { context: { colorScheme: 'dark' } } },
  { name: '320', language: 'en', options: { width: 320 } },
  { name: 'zh', language: 'zh', options: {} },
]
const FOR_README: ReadonlySet<string> = new Set(['light', 'dark'])

/** What a person does first in a view that shows nothing by itself. */
const FIRST_STEPS: Partial<Record<ViewId, (page: Page, language: Language) => Promise<void>>> = {
  async trade(page, language) {
    const words = TRADE_WORDS[language]
    await page.getByRole('textbox', { name: words.product }).fill('610910')
    await page.getByRole('button', { name: words.lookUp }).click()
    await page.getByRole('table').waitFor()
  },
  async picture(page, language) {
    const words = PICTURE_WORDS[language]
    await page.locator('input[type=file]').setInputFiles({
      name: 'mug.png',
      mimeType: 'image/png',
      buffer: MUG_PNG,
    })
    await page.getByRole('img', { name: words.preview }).waitFor()
    await page.getByRole('button', { name: words.lookUp }).click()
    await page.getByText(words.results).waitFor()
  },
}

const [folder = mkdtempSync(join(tmpdir(), 'tariffcell-screenshots-')), ...named] = process.argv.slice(2)
const unknown = named.find((name) => !isViewId(name))
if (unknown !== undefined) {
  process.stderr.write(`No view is called ${unknown}. Views: ${VIEW_IDS.join(', ')}\n`)
  process.exit(1)
}
mkdirSync(folder, { recursive: true })
if (named.length > 0) mkdirSync(PICTURES, { recursive: true })

const house = await startPaneHouse({ upstreams: true })
try {
  await fillWorkspace(house)
  for (const look of LOOKS) await takeAll(look)
} finally {
  await house.close()
}

async function takeAll({ name, language, options }: Look): Promise<void> {
  const { page, problems } = await house.open({
    ...options,
    async before(opened) {
      await opened.addInitScript((chosen) => localStorage.setItem('tariffcell.language', chosen), language)
    },
  })
  await failCell(page, 'HSRATE', ['abc', 'CA'], 'Products!F3')
  await failCell(page, 'HSCODE', [12345, 'CA'], 'Products!A10')
  for (const id of VIEW_IDS) {
    await showView(page, SHELL_WORDS[language], id)
    await FIRST_STEPS[id]?.(page, language)
    await settled(page)
    const file = join(folder, `${id}-${name}.png`)
    await page.screenshot({ path: file, fullPage: true })
    process.stdout.write(`${file}\n`)
    if (named.includes(id) && FOR_README.has(name)) copyFileSync(file, join(PICTURES, `${id}-${name}.png`))
  }
  await page.context().close()
  for (const problem of problems) process.stderr.write(`${name}: ${problem}\n`)
}
