/** Sharp, loaded when the first picture comes: most proxies never see one, and its library takes 20 MB. */
import type sharp from 'sharp'

export type SharpModule = typeof sharp

let opened: Promise<SharpModule> | null = null

export function openSharp(): Promise<SharpModule> {
  opened ??= import('sharp').then(({ default: sharp }) => {
    // Nothing but these readers is ever woken, whatever the bytes pretend to be.
    sharp.block({ operation: ['VipsForeignLoad'] })
    sharp.unblock({
      operation: ['VipsForeignLoadJpeg', 'VipsForeignLoadPng', 'VipsForeignLoadWebp', 'VipsForeignLoadNsgif'],
    })
    // No picture is drawn twice.
    sharp.cache(false)
    return sharp
  })
  return opened
}
