/** The machine of a run: its line in the output, and the two cores that server and load are kept on. */
import { spawnSync } from 'node:child_process'
import { cpus, totalmem } from 'node:os'

/** The core a measured process runs on and the core its load comes from. */
export interface Pins {
  server: number
  load: number
}

/** @returns null where processes cannot be pinned, or there are not two cores: they then go wherever the system puts them. */
export function findPins(): Pins | null {
  const { stdout, status } = spawnSync('taskset', ['-pc', String(process.pid)], { encoding: 'utf8' })
  if (status !== 0) return null
  // "pid 7's current affinity list: 0-2,5"
  const [server, load] = /: ([\d,-]+)/.exec(stdout)?.[1]?.split(',').flatMap(coresOf) ?? []
  return server === undefined || load === undefined ? null : { server, load }
}

/** `2 cores of AMD EPYC, 25 GB, Node 20.20.2 on linux x64` */
export function machineLine(): string {
  const cores = cpus()
  const model = cores[0]?.model.trim() ?? 'an unknown processor'
  return `${cores.length} cores of ${model}, ${Math.round(totalmem() / 1e9)} GB, Node ${process.versions.node} on ${process.platform} ${process.arch}`
}

function coresOf(range: string): number[] {
  const [from = 0, to = from] = range.split('-').map(Number)
  return Array.from({ length: to - from + 1 }, (_, at) => from + at)
}
