/// <reference lib="dom" />
/**
 * The README's picture: `npx tsx proxy/playground/screenshot.ts <link that npm start prints> [dark] [width]`.
 * Writes playground.png beside this file; with a second argument, playground-dark.png or the like, to look at and throw away.
 */
import { join } from 'node:path'
import { openBrowser } from '../../test/hosts/browser.ts'

const [link, ...variants] = process.argv.slice(2)
if (link === undefined) {
  process.stderr.write('Usage: npx tsx proxy/playground/screenshot.ts <link that npm start prints> [dark] [width]\n')
  process.exit(1)
}

const width = Number(variants.find((variant) => /^\d+$/.test(variant)) ?? 1280)
const isDark = variants.includes('dark')
const file = join(import.meta.dirname, `${['playground', ...variants].join('-')}.png`)

const browser = await openBrowser()
try {
  const page = await browser.newPage({
    viewport: { width, height: 800 },
    colorScheme: isDark ? 'dark' : 'light',
    locale: 'en-CA',
  })
  await page.goto(link)
  // The sample is there when its last formula has come to something and none is on its way.
  await page.waitForFunction(() => {
    const { tariffcell } = window
    return tariffcell?.waiting() === 0 && !['', '#BUSY!'].includes(tariffcell.cellText('G13'))
  })
  await page.locator('#state[data-kind=connected]').waitFor()
  // One frame of the grid's own drawing, and its scroll bars fading.
  await page.waitForTimeout(1000)
  await page.screenshot({ path: file })
  process.stdout.write(`${file}\n`)
} finally {
  await browser.close()
}
