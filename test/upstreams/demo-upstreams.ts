/** The five simulated upstreams of `npm run demo`: what each is, what it was asked, what it took. */
import type { Credential, UpstreamName } from '../../proxy/providers/upstream.ts'
import { GLOPAL_CREDENTIAL, startGlopalSimulator } from './glopal.ts'
import { HSCIQ_KEY, startHsciqSimulator } from './hsciq.ts'
import { JIAYOU_KEY, JIAYOU_SECRET, startJiayouSimulator } from './jiayou.ts'
import { JUHE_TEST_KEY, startJuheSimulator } from './juhe.ts'
import type { Fault, Simulator } from './simulator.ts'
import { startTradewindSimulator, TRADEWIND_CREDENTIAL } from './tradewind.ts'

export interface DemoUpstream {
  name: UpstreamName
  /** One line for a person. */
  about: string
  url: string
  credential: Credential
  tally(): Tally
}

export interface Tally {
  calls: number
  /** What it took so far, in its own money; null where calls are counted and nothing else. */
  taken: number | null
  left: number | null
  /** The name of its money. */
  money: string
}

export interface DemoUpstreams {
  all: readonly DemoUpstream[]
  jiayou: JiayouSwitches
  close(): Promise<void>
}

export interface JiayouSwitches {
  failsUntil(atMs: number): void
  /** @returns whether it refuses the key from now on. */
  toggleKey(): boolean
  /** @returns its points from now on. */
  togglePoints(): number
}

// So slow that a cell is seen to wait.
const LATENCY_MS = 150
const JIAYOU_POINTS = 500
const TRADEWIND_CREDITS = 20

// Canadian lines for the goods of the sample sheet; any other name is answered with some line that exists.
const KNOWN_GOODS = {
  "men's cotton t-shirt, knitted": '6109100012',
  'stainless steel water bottle 500 ml': '7323939090',
  'wireless bluetooth mouse': '8471600090',
  'fresh Atlantic salmon fillets': '0304410000',
  'spare parts': '8487900000',
  'roasted coffee beans, 1 kg bag': '0901210010',
  'polarized sunglasses': '9004100000',
  'cotton terry bath towel': '6302600010',
  'aluminium frying pan': '7615100010',
  "women's leather ankle boots": '6403910091',
  'eau de parfum 50 ml': '3303000010',
  'cheddar cheese, 400 g block': '0406902110',
}

export async function startDemoUpstreams(): Promise<DemoUpstreams> {
  const [jiayou, glopal, hsciq, juhe, tradewind] = await Promise.all([
    startJiayouSimulator({ balance: JIAYOU_POINTS, answers: KNOWN_GOODS }),
    startGlopalSimulator(),
    startHsciqSimulator(),
    startJuheSimulator(),
    startTradewindSimulator({ credits: TRADEWIND_CREDITS }),
  ])
  const simulators: readonly Simulator[] = [jiayou, glopal, hsciq, juhe, tradewind]
  for (const simulator of simulators) simulator.latencyMs = LATENCY_MS
  const counted = ({ requests }: Simulator): Tally => ({ calls: requests.length, taken: null, left: null, money: '' })

  return {
    all: [
      {
        name: 'jiayou',
        about: `HS codes for Canada; takes a point of its own for each name, and has ${JIAYOU_POINTS}`,
        url: jiayou.url,
        credential: { key: JIAYOU_KEY, secret: JIAYOU_SECRET },
        tally: () => ({
          ...counted(jiayou),
          taken: jiayou.pointsCharged,
          left: jiayou.balance,
          money: 'of its own points',
        }),
      },
      {
        name: 'glopal',
        about: 'HS codes of six digits, for any country: where the first choice fails, or with provider=glopal',
        url: glopal.url,
        credential: GLOPAL_CREDENTIAL,
        tally: () => counted(glopal),
      },
      {
        name: 'hsciq',
        about: 'HS codes for China, Japan and the United States, reference works, the expert desk',
        url: hsciq.url,
        credential: { key: HSCIQ_KEY },
        tally: () => counted(hsciq),
      },
      {
        name: 'juhe',
        about: 'what a picture shows',
        url: juhe.url,
        credential: { key: JUHE_TEST_KEY },
        tally: () => counted(juhe),
      },
      {
        name: 'tradewind',
        about: `where goods are traded; takes credits, and has ${TRADEWIND_CREDITS}`,
        url: tradewind.url,
        credential: TRADEWIND_CREDENTIAL,
        tally: () => ({
          ...counted(tradewind),
          taken: Number((TRADEWIND_CREDITS - tradewind.books.credits).toFixed(6)),
          left: tradewind.books.credits,
          money: 'credits',
        }),
      },
    ],
    jiayou: createSwitches(jiayou),
    close: async () => void (await Promise.all(simulators.map((simulator) => simulator.close()))),
  }
}

function createSwitches(jiayou: Awaited<ReturnType<typeof startJiayouSimulator>>): JiayouSwitches {
  let failingUntil = 0
  let isRefusing = false
  jiayou.faultAlways((): Fault | null => {
    if (isRefusing) return { kind: 'status', status: 401 }
    return Date.now() < failingUntil ? { kind: 'status', status: 503 } : null
  })
  return {
    failsUntil: (atMs) => {
      failingUntil = atMs
    },
    toggleKey: () => (isRefusing = !isRefusing),
    togglePoints: () => {
      jiayou.recharge(jiayou.balance > 0 ? -jiayou.balance : JIAYOU_POINTS)
      return jiayou.balance
    },
  }
}
