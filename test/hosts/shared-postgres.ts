/**
 * One PostgreSQL for all the tests of a run, started when the first of them asks: vitest's main process keeps it (globalSetup), the
 * workers ask there. Each database is made for one test, and goes with it.
 */
import { once } from 'node:events'
import { connect, createServer, type AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import type { TestProject } from 'vitest/node'
import { startPostgresServer, type PostgresServer } from './postgres-server.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** Where the main process tells the server's address. */
    postgresDoor: number
    /** What the tests of this project run on; SQLite where it is left out. */
    engine?: 'sqlite' | 'postgres'
  }
}

/** vitest's globalSetup. @returns what ends it. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  let server: Promise<PostgresServer> | null = null
  const door = createServer((socket) => {
    server ??= startPostgresServer()
    server.then(
      (one) => socket.end(JSON.stringify({ template: one.urlOf('DATABASE') })),
      (error: unknown) => socket.end(JSON.stringify({ error: String(error) })),
    )
    socket.on('error', () => undefined)
  })
  door.listen(0, '127.0.0.1')
  await once(door, 'listening')
  project.provide('postgresDoor', (door.address() as AddressInfo).port)
  return async () => {
    door.close()
    await (await server)?.close()
  }
}

let urlOf: Promise<(database: string) => string> | null = null

/** From a test: address of a database of the run's server, which need not be there yet. */
export async function sharedPostgresUrl(database: string): Promise<string> {
  urlOf ??= askAtTheDoor()
  return (await urlOf)(database)
}

/** What `vitest.config.ts` runs the tests on that name no engine. */
export async function engineOfProject(): Promise<'sqlite' | 'postgres'> {
  // The hosts serve demo and bench as well.
  if (process.env.VITEST === undefined) return 'sqlite'
  const { inject } = await import('vitest')
  return inject('engine') ?? 'sqlite'
}

async function askAtTheDoor(): Promise<(database: string) => string> {
  const { inject } = await import('vitest')
  const reply = JSON.parse(await text(connect(inject('postgresDoor'), '127.0.0.1'))) as Record<string, string>
  const { template, error } = reply
  if (template === undefined) throw new Error(error)
  return (database) => template.replace(/DATABASE$/, database)
}
