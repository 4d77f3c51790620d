/// <reference lib="dom" />
/** Pictures that are pasted or dropped, and what is said of what is none, too large or one too many. */
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { makeBitmap, makePngOfZeros } from '../upstreams/picture-bytes.ts'
import { button } from './bulk-journey.ts'
import { startPaneHouse, type PaneHouse } from './pane-house.ts'

let house: PaneHouse
beforeAll(async () => {
  house = await startPaneHouse({ upstreams: true })
})
afterAll(() => house.close())

interface Given {
  name: string
  type: string
  bytes: Buffer
  /** Zeros after them. */
  padding?: number
}

const PNG: Given = { name: 'flask.png', type: 'image/png', bytes: makePngOfZeros(200, 200) }
const BMP: Given = { name: 'flask.bmp', type: 'image/bmp', bytes: makeBitmap(200, 120) }
const HEIC: Given = {
  name: 'IMG_1.heic',
  type: 'image/heic',
  bytes: Buffer.from('\0\0\0\u0018ftypheic\0\0\0\0', 'latin1'),
}
const LETTER: Given = { name: 'letter.pdf', type: 'application/pdf', bytes: Buffer.from('%PDF-1.7') }

function large(padding: number): Given {
  return { ...PNG, padding }
}

/** As a browser tells a page of it. @param text what the clipboard holds beside the files. */
async function give(
  page: Page,
  kind: 'paste' | 'drop',
  onto: string,
  files: readonly Given[],
  text = '',
): Promise<void> {
  const sent = files.map(({ bytes, padding = 0, ...file }) => ({ ...file, padding, base64: bytes.toString('base64') }))
  await page
    .locator(onto)
    .first()
    .evaluate(
      (target, [event, list, plain]) => {
        const data = new DataTransfer()
        for (const { name, type, base64, padding } of list) {
          const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))
          data.items.add(new File([bytes, new Uint8Array(padding)], name, { type }))
        }
        if (plain !== '') data.setData('text/plain', plain)
        const all = { bubbles: true, cancelable: true }
        target.dispatchEvent(
          event === 'paste'
            ? new ClipboardEvent('paste', { ...all, clipboardData: data })
            : new DragEvent('drop', { ...all, dataTransfer: data }),
        )
      },
      [kind, sent, text] as const,
    )
}

async function refuses(page: Page, sentence: RegExp): Promise<void> {
  await page.getByRole('alert').filter({ hasText: sentence }).waitFor()
}

test('a picture is pasted from the clipboard itself', async () => {
  const { page, problems } = await house.open({ view: 'picture' })
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  await page.evaluate(async (base64) => {
    const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))
    await navigator.clipboard.write([new ClipboardItem({ 'image/png': new Blob([bytes], { type: 'image/png' }) })])
  }, PNG.bytes.toString('base64'))
  await page.keyboard.press('Control+V')
  await page.getByRole('img', { name: 'The chosen picture' }).waitFor()
  expect(await button(page, 'Look up').isEnabled()).toBe(true)
  expect(problems).toEqual([])
})

test('to be looked up: one picture is taken, and what is not one is named and changes nothing', async () => {
  const { page, problems } = await house.open({ view: 'picture' })
  const zone = 'main div:has(> input[type=file])'
  await give(page, 'drop', zone, [BMP])
  await page.getByText('flask.bmp,', { exact: false }).waitFor()
  await give(page, 'drop', zone, [PNG, BMP])
  await refuses(page, /TC-149 2 pictures; at most 1/)
  await give(page, 'drop', zone, [HEIC])
  await refuses(page, /TC-143 .*IMG_1\.heic.* JPEG, PNG, WebP, GIF and BMP are read/)
  await give(page, 'paste', 'body', [LETTER])
  await refuses(page, /TC-143 .*letter\.pdf/)
  await give(page, 'paste', 'body', [large(8 * 1024 * 1024)])
  await refuses(page, /TC-142 .*at most 8/)
  // Cells come from Excel as text and as a picture of it.
  await give(page, 'paste', 'input[type=url]', [PNG], 'https://example.com/a.jpg')
  await page.getByText('flask.bmp,', { exact: false }).waitFor()
  await give(page, 'paste', 'body', [PNG])
  await page.getByText('flask.png,', { exact: false }).waitFor()
  expect(await page.getByRole('alert').count()).toBe(0)
  expect(problems).toEqual([])
})

test('for the experts: up to three are taken, and what is not taken is named with what to do', async () => {
  const { page, problems } = await house.open({ view: 'desk' })
  await button(page, 'Ask the experts').click()
  const zone = '[role=group][aria-label=Pictures]'
  const pictures = page.locator(zone).getByRole('img')
  await give(page, 'drop', zone, [PNG, PNG])
  await pictures.nth(1).waitFor()
  await give(page, 'drop', zone, [PNG, PNG])
  await refuses(page, /TC-149 4 pictures; at most 3/)
  await give(page, 'paste', 'body', [BMP])
  await refuses(page, /TC-159 BMP pictures are not taken here, only JPEG, PNG, GIF, WEBP/)
  await give(page, 'paste', 'body', [LETTER])
  await refuses(page, /TC-143 .*letter\.pdf/)
  await give(page, 'paste', 'body', [large(1024 * 1024)])
  await refuses(page, /TC-142 .*at most 1/)
  await give(page, 'paste', 'main input', [PNG], '保温杯')
  expect(await pictures.count()).toBe(2)
  await give(page, 'paste', 'body', [PNG])
  await pictures.nth(2).waitFor()
  expect(await page.getByRole('alert').count()).toBe(0)
  expect(problems).toEqual([])
})

test('a file dropped beside the zone does not take the pane’s place, and text can still be dragged', async () => {
  const { page, problems } = await house.open({ view: 'picture' })
  const isPrevented = (type: 'dragover' | 'drop', what: 'file' | 'text'): Promise<boolean> =>
    page.locator('header').evaluate(
      (header, [event, kind]) => {
        const dataTransfer = new DataTransfer()
        if (kind === 'file') dataTransfer.items.add(new File(['x'], 'letter.pdf'))
        else dataTransfer.setData('text/plain', 'x')
        return !header.dispatchEvent(new DragEvent(event, { bubbles: true, cancelable: true, dataTransfer }))
      },
      [type, what] as const,
    )
  for (const type of ['dragover', 'drop'] as const) {
    expect(await isPrevented(type, 'file')).toBe(true)
    expect(await isPrevented(type, 'text')).toBe(false)
  }
  expect(await page.getByRole('alert').count()).toBe(0)
  expect(problems).toEqual([])
})
