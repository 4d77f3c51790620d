/// <reference lib="dom" />
/** A workspace in which something happened, so that no view of the pane is empty; and the way to a view as a person goes there. */
import type { Page } from 'playwright-core'
import type { FunctionName } from '../../shared/functions.ts'
import type { CellValue } from '../../shared/tariff-code.ts'
import type { ShellWords } from '../../shared/pane/shell/words.ts'
import type { ViewId } from '../../shared/pane/view-ids.ts'
import type { PaneHouse } from './pane-house.ts'

/** @param house with its simulated upstreams. */
export async function fillWorkspace(filled: PaneHouse): Promise<void> {
  const { house, proxy, askers } = filled
  const [{ workspaceId, seatId }] = askers
  const [voucher] = await house.vouchers.create({ points: 500, count: 1, expiresAt: null, note: 'sample' })
  if (voucher) await house.vouchers.redeem(voucher.code, { workspaceId, seatId })
  await filled.ask([
    { id: '1', fn: 'HSCODE', args: ["men's cotton t-shirt, knitted", 'CA'] },
    { id: '2', fn: 'HSCODE', args: ['stainless steel water bottle 500 ml', 'CA'] },
    { id: '3', fn: 'HSTRADE', args: ['610910'] },
  ])
  await proxy.post('/v1/memory', {
    entries: [
      { description: 'ceramic coffee mug', country: 'CA', code: '6912.00' },
      { description: 'bicycle inner tube', country: 'CA', code: '4013.20', note: 'invoice of March' },
      { description: 'stainless steel water bottle', country: 'US', code: '9617.00' },
      { description: '不锈钢保温杯', country: 'CN', code: '9617.00' },
    ],
  })
  await proxy.post('/v1/consultations', {
    requestId: 'sample form',
    confirm: true,
    productNameCn: '不锈钢保温杯',
    productNameEn: 'stainless steel vacuum flask',
    uses: '盛装饮品',
    ingredients: '304 不锈钢',
  })
}

/** Through the menu. Resolves when the view stands there; what it loads may still be on its way. */
export async function showView(page: Page, words: ShellWords, id: ViewId): Promise<void> {
  await page.getByRole('button', { name: words.tools }).click()
  await page.getByRole('menuitemradio', { name: words.views[id], exact: true }).click()
  await page.getByRole('main', { name: words.views[id], exact: true }).waitFor()
}

/** Calculates a formula as the spreadsheet does, one that fails. */
export async function failCell(page: Page, fn: FunctionName, args: CellValue[], address: string): Promise<void> {
  await page.evaluate(
    async ([name, values, cell]) => {
      const { functions } = window.Tariffcell!.addin
      try {
        await functions[name](...values.map((value) => [[value]]), { address: cell, setResult: null })
      } catch {
        // It is to fail.
      }
    },
    [fn, args, address] as const,
  )
}
