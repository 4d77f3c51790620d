/** Proxies in processes of their own, on a data folder of the test: all gone with it. */
import { afterEach, beforeEach } from 'vitest'
import type { Answer } from '../../shared/protocol.ts'
import { startProxyProcess, temporaryFolder, type ProxyProcess } from './proxy-process.ts'

export interface ProxiesOfTest {
  /** Of the test that runs. */
  readonly folder: string
  start: (environment?: Record<string, string>) => Promise<ProxyProcess>
}

/** For a test file, once. */
export function proxiesOfTest(): ProxiesOfTest {
  let data: ReturnType<typeof temporaryFolder>
  const running: ProxyProcess[] = []
  beforeEach(() => {
    data = temporaryFolder()
  })
  afterEach(async () => {
    for (const proxy of running.splice(0)) await proxy.stop('SIGKILL')
    data.remove()
  })
  return {
    get folder() {
      return data.folder
    },
    async start(environment = {}) {
      const proxy = await startProxyProcess(data.folder, environment)
      running.push(proxy)
      return proxy
    },
  }
}

/** @returns the value of each cell, or the sentence of its failure. */
export async function askProxy(
  proxy: ProxyProcess,
  token: string,
  ...formulas: [string, ...string[]][]
): Promise<unknown[]> {
  const response = await fetch(`${proxy.url}/v1/answers`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${token}` },
    body: JSON.stringify({ questions: formulas.map(([fn, ...args], at) => ({ id: String(at), fn, args })) }),
  })
  const { answers } = (await response.json()) as { answers: Answer[] }
  return answers.map((answer) => answer.value ?? answer.error?.message)
}
