/**
 * What the tests of a run share, each made when the first test asks for it: vitest's main process keeps it (globalSetup), the workers
 * ask at its door. All of it is gone with the run.
 */
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { TestProject } from 'vitest/node'

declare module 'vitest' {
  interface ProvidedContext {
    /** Where the main process tells what there is. */
    door: number
  }
}

/** Something made for a run. */
export interface Made {
  /** An address or a folder: what a worker needs to use it. */
  place: string
  remove(): Promise<void>
}

/** Loaded when they are asked for: a run of one file needs none of them. */
const MAKERS = {
  postgres: async () => (await import('./shared-postgres.ts')).makeSharedPostgres(),
  programs: async () => (await import('./programs.ts')).buildPrograms(),
  playground: async () => (await import('./built-playground.ts')).buildSharedPlayground(),
} satisfies Record<string, () => Promise<Made>>

export type Shared = keyof typeof MAKERS

/** vitest's globalSetup. @returns what ends it. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const made = new Map<Shared, Promise<Made>>()
  const make = (what: Shared): Promise<Made> => {
    const one = made.get(what) ?? MAKERS[what]()
    made.set(what, one)
    return one
  }
  const door = createServer(({ url = '' }, response) => {
    make(url.slice(1) as Shared).then(
      ({ place }) => response.end(place),
      (error: unknown) => response.writeHead(500).end(String(error)),
    )
  })
  door.listen(0, '127.0.0.1')
  await once(door, 'listening')
  project.provide('door', (door.address() as AddressInfo).port)
  return async () => {
    door.close()
    door.closeAllConnections()
    // What could not be made was said to the test that asked.
    await Promise.allSettled([...made.values()].map(async (one) => (await one).remove()))
  }
}

const known = new Map<Shared, Promise<string>>()

/** From a test: where it lies. @throws with what went wrong when it was made. */
export function madeOnce(what: Shared): Promise<string> {
  const place = known.get(what) ?? askAtTheDoor(what)
  known.set(what, place)
  return place
}

async function askAtTheDoor(what: Shared): Promise<string> {
  const { inject } = await import('vitest')
  const response = await fetch(`http://127.0.0.1:${inject('door')}/${what}`)
  const said = await response.text()
  if (!response.ok) throw new Error(said)
  return said
}
