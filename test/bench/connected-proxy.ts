/** The built proxy with simulated jiayou behind it, as an operator connects them: a credential and points in the data folder. */
import { join } from 'node:path'
import type * as z from 'zod/mini'
import { openAdmin } from '../../proxy/admin/open-admin.ts'
import { DEPLOYMENT } from '../../proxy/providers/upstream.ts'
import type { pointsReply } from '../../shared/protocol.ts'
import { JIAYOU_KEY, JIAYOU_SECRET } from '../upstreams/jiayou.ts'
import { benchFolder } from './build-all.ts'
import { startBuiltProxy } from './built-proxy.ts'
import { scratchFolder, startNode } from './child.ts'
import type { JiayouBooks, JiayouInput } from './programs/jiayou-simulator.ts'
import { tariffItems } from './sample-goods.ts'

export interface SimulatedUpstream {
  url: string
  books: () => Promise<JiayouBooks>
  stop: () => Promise<void>
}

export interface ConnectedProxy {
  url: string
  token: string
  /** Posted, that is with what is held. */
  points: () => Promise<number>
  upstream: SimulatedUpstream
  /** Where its database lies. */
  folder: string
  stop: () => Promise<void>
}

const POINTS = 100_000
const CODES = 1000

/** @param latencyMs of every upstream call. */
export async function startConnectedProxy(latencyMs: number): Promise<ConnectedProxy> {
  const data = scratchFolder()
  const upstream = await startUpstream(latencyMs)
  try {
    await furnish(data.folder, upstream.url)
    const proxy = await startBuiltProxy(data.folder)
    const token = await proxy.connect()
    return {
      url: proxy.url,
      token,
      points: () => readPoints(proxy.url, token),
      upstream,
      folder: data.folder,
      async stop() {
        await proxy.stop()
        await upstream.stop()
        data.remove()
      },
    }
  } catch (error) {
    await upstream.stop()
    data.remove()
    throw error
  }
}

export async function startUpstream(latencyMs: number): Promise<SimulatedUpstream> {
  // Chapter 99 is declared with eight digits, and jiayou gives ten.
  const codes = tariffItems(CODES).filter((code) => code.length === 10)
  const input: JiayouInput = { latencyMs, balance: POINTS, codes }
  const child = startNode(join(benchFolder, 'jiayou-simulator.js'), { input: JSON.stringify(input) })
  const [, url, books] = await child.printed(/jiayou on (\S+) with its books on (\S+)\n/)
  return {
    url: url!,
    books: async () => (await (await fetch(books!)).json()) as JiayouBooks,
    stop: () => child.stop(),
  }
}

/** Posted, that is with what is held. */
export async function readPoints(url: string, token: string): Promise<number> {
  const response = await fetch(`${url}/v1/points`, { headers: { Authorization: `Bearer ${token}` } })
  if (!response.ok) throw new Error(`${url}/v1/points answered ${response.status}`)
  return ((await response.json()) as z.infer<typeof pointsReply>).posted
}

/**
 * The workspace, its points and the deployment's credential, before the proxy starts; the master key is made beside them.
 * @param settings such as DATABASE_URL.
 */
export async function furnish(
  folder: string,
  upstreamUrl: string,
  settings: Readonly<Record<string, string>> = {},
): Promise<void> {
  const admin = await openAdmin({ DATA_DIR: folder, ...settings }, { mayCreate: true })
  try {
    const { workspaceId } = await admin.seats.createWorkspace('bench')
    await admin.ledger.credit({ workspaceId, kind: 'grant', ref: 'bench', points: POINTS })
    const credential = { key: JIAYOU_KEY, secret: JIAYOU_SECRET }
    await admin.credentials.set(DEPLOYMENT, 'jiayou', credential, upstreamUrl)
  } finally {
    await admin.close()
  }
}
