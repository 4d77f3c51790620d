/**
 * `npm run torture -- [--engine sqlite|postgres|both] [--kills 25] [--seed N] [--seconds 1.5]`: random work on the ledger by processes
 * that are killed with SIGKILL, on PostgreSQL every fourth time with the server as well. Exit code 1 when anything that was acknowledged
 * is lost or doubled, or the ledger does not add up. The seed gives the same work and the same moments; who wins a race is up to the machine.
 */
import { randomInt } from 'node:crypto'
import { parseArgs } from 'node:util'
import { torture, type TortureOptions } from './run-torture.ts'

const USAGE = 'npm run torture -- [--engine sqlite|postgres|both] [--kills 25] [--seed N] [--seconds 1.5]\n'
const ENGINES = { sqlite: ['sqlite'], postgres: ['postgres'], both: ['sqlite', 'postgres'] } as const

const say = (line: string): void => void process.stdout.write(`${line}\n`)
const wish = readWish()
if (wish) process.exitCode = await run(wish)
else {
  process.stderr.write(USAGE)
  process.exitCode = 2
}

interface Wish extends Omit<TortureOptions, 'engine' | 'say'> {
  engines: readonly TortureOptions['engine'][]
}

function readWish(): Wish | null {
  try {
    const { values } = parseArgs({
      options: {
        engine: { type: 'string', default: 'both' },
        kills: { type: 'string', default: '25' },
        seed: { type: 'string', default: String(randomInt(2 ** 31)) },
        seconds: { type: 'string', default: '1.5' },
      },
    })
    const [kills, seed, secondsPerRound] = [Number(values.kills), Number(values.seed), Number(values.seconds)]
    const isSound = Number.isInteger(kills) && kills > 0 && Number.isInteger(seed) && secondsPerRound > 0
    if (!isSound || !Object.hasOwn(ENGINES, values.engine)) return null
    return { engines: ENGINES[values.engine as keyof typeof ENGINES], kills, seed, secondsPerRound }
  } catch {
    return null
  }
}

async function run({ engines, ...options }: Wish): Promise<number> {
  say(`seed ${options.seed}`)
  let faults = 0
  for (const engine of engines) {
    const { kills, serverKills, acknowledged, lost, doubled, violations } = await torture({ engine, ...options, say })
    faults += lost + doubled + violations
    const servers = engine === 'postgres' ? ` (${serverKills} of them with the server)` : ''
    say(
      `${engine}: ${kills} kills${servers}, ${acknowledged} acknowledged operations, lost ${lost}, doubled ${doubled}, violations ${violations}, seed ${options.seed}`,
    )
  }
  return faults === 0 ? 0 : 1
}
