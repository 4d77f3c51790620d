/** What a commit costs at the least: plain writes that wait for the disk. */
import { closeSync, openSync, writeSync } from 'node:fs'
import { join } from 'node:path'

const DISK_BLOCK = Buffer.alloc(4096)
const DISK_MS = 1000

/** Takes a second. @returns writes of 4 KiB a second, each on the disk of `folder` before the next. */
export function syncedWritesPerSecond(folder: string): number {
  const file = openSync(join(folder, 'synced-writes'), 'as')
  const began = performance.now()
  let writes = 0
  while (performance.now() - began < DISK_MS) writes += writeSync(file, DISK_BLOCK) / DISK_BLOCK.length
  closeSync(file)
  return writes / ((performance.now() - began) / 1000)
}
