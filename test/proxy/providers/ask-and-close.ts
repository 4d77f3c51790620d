/** Asks every upstream one question and closes it. Then nothing may keep this process. */
import { CASES, NOW } from './contract-cases.ts'

for (const one of Object.values(CASES)) {
  const simulator = await one.start()
  const [inquiry] = await one.good(simulator)
  const connected = one.upstream.connect({
    credential: one.credential,
    baseUrl: simulator.url,
    now: () => NOW,
    log: { warn: () => {} },
    onUsage: () => {},
  })
  const replies = await connected.provider.ask([inquiry!], new AbortController().signal)
  await connected.close()
  await simulator.close()
  process.stdout.write(`${connected.provider.name} ${replies.size}\n`)
}
