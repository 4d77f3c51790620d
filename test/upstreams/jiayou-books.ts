/** What simulated jiayou knows and keeps: accounts and their points, remembered answers, tasks and the workers that finish them. */
import { createHash } from 'node:crypto'

export interface JiayouAccount {
  key: string
  secret: string
  jwt: string
  enabled: boolean
  balance: number
  /** Points taken so far, less what was given back. */
  pointsCharged: number
  /** Calls that were let in. */
  calls: number
}

export interface JiayouTask {
  id: number
  batch_no: string
  type: 'api'
  product_name: string
  hscode: string
  status: 'queued' | 'processing' | 'success' | 'failed' | 'paused'
  error_msg: string | null
  points_deducted: number
  created_at: string
  finished_at: string | null
}

export interface BooksOptions {
  /** National lines that answers to unknown names are taken from. */
  codes?: readonly string[]
  /** Name → code, before anything else. */
  answers?: Readonly<Record<string, string>>
  /** The document says both: every row costs a point, and remembered rows are free. */
  chargesCacheHits?: boolean
  /** Whether its removal of duplicates takes "Mug" and "mug" for one. */
  foldsCase?: boolean
  /** How long a task stands in the queue, and again how long it is worked on. */
  workerMs?: number
  /** Of the clock that task times are printed by. */
  utcOffsetHours?: number
}

// The document's own examples, right or wrong: 0302.11 is trout, and in no Canadian edition of ten digits; 3924.90 is no mouse.
const DOCUMENTED = {
  'Fresh Atlantic Salmon': '0302110000',
  'Cotton T-shirts': '6109100012',
  'Wireless Bluetooth Mouse': '3924900010',
}

// Lines of the Canadian tariff.
const CODES = (
  '0302140011 0304940000 0406901110 0702001000 0805100010 0901210010 1101001000 1704901000 1806320010 2106901040 ' +
  '2204211010 3304991000 3401300000 3902100010 3923211000 3924900010 4202221000 4202921000 4412310000 4820100000 ' +
  '4901990010 5208120000 6109100011 6110200011 6203420010 6205200010 6302600010 6403910010 6404111100 6505001000 ' +
  '6911101000 7013370000 7318150010 7323931000 7615100010 8205511000 8414511000 8471300000 8471600010 8504403000 ' +
  '8517130000 8518301000 8528721000 8703211000 8712000011 9004100000 9102110000 9401611010 9403601010 9405421000 ' +
  '9503001010 9603210000'
).split(' ')

export interface BatchRow {
  product_name: string
  hscode: string
  cache_hit: boolean
  error?: string
}

export interface JiayouBooks {
  readonly accounts: Map<string, JiayouAccount>
  readonly tasks: Map<string, JiayouTask[]>
  failFor(text: string): void
  /** Null when the account cannot pay; then nothing was done. */
  look(account: JiayouAccount, names: readonly string[]): { rows: BatchRow[]; hits: number; used: number } | null
  submit(
    account: JiayouAccount,
    names: readonly string[],
    finished: (task: JiayouTask) => void,
  ): { batchNo: string; queued: JiayouTask[]; paused: JiayouTask[] }
  recharge(account: JiayouAccount, points: number): void
  tasksOf(account: JiayouAccount): JiayouTask[]
  close(): void
}

export function createJiayouBooks(options: BooksOptions): JiayouBooks {
  const {
    codes = CODES,
    answers = {},
    chargesCacheHits = true,
    foldsCase = false,
    workerMs = 5,
    utcOffsetHours = 8,
  } = options
  const given = new Map(Object.entries({ ...DOCUMENTED, ...answers }))
  const memory = new Map<string, string>()
  const failing: string[] = []
  const timers = new Set<NodeJS.Timeout>()
  const accounts = new Map<string, JiayouAccount>()
  const tasks = new Map<string, JiayouTask[]>()
  const waiting = new Map<JiayouTask, () => void>()
  let taskCount = 100
  let batchCount = 0

  const tasksOf = (account: JiayouAccount): JiayouTask[] => {
    const own = tasks.get(account.key) ?? []
    tasks.set(account.key, own)
    return own
  }
  const charge = (account: JiayouAccount, points: number): void => {
    account.balance -= points
    account.pointsCharged += points
  }
  const clock = (): string =>
    new Date(Date.now() + utcOffsetHours * 3_600_000).toISOString().slice(0, 19).replace('T', ' ')
  const later = (act: () => void): void => {
    const timer = setTimeout(() => {
      timers.delete(timer)
      act()
    }, workerMs)
    timers.add(timer)
  }

  /** @returns '' where the look-up fails. */
  const findCode = (name: string): string => {
    if (failing.some((text) => name.includes(text))) return ''
    const code = given.get(name) ?? codes[createHash('sha256').update(name).digest().readUInt32BE() % codes.length]!
    memory.set(name, code)
    return code
  }

  const work = (account: JiayouAccount, task: JiayouTask, finished: (task: JiayouTask) => void): void => {
    charge(account, 1)
    task.status = 'queued'
    task.points_deducted = 1
    later(() => {
      task.status = 'processing'
      later(() => {
        task.hscode = memory.get(task.product_name) ?? findCode(task.product_name)
        task.status = task.hscode === '' ? 'failed' : 'success'
        task.finished_at = clock()
        if (task.status === 'failed') {
          task.error_msg = 'not found'
          task.points_deducted = 0
          charge(account, -1)
        }
        finished(task)
      })
    })
  }

  return {
    accounts,
    tasks,
    failFor: (text) => void failing.push(text),
    look(account, names) {
      const distinct = distinctNames(names, foldsCase)
      const hits = distinct.filter((name) => memory.has(name)).length
      const used = chargesCacheHits ? distinct.length : distinct.length - hits
      if (used > account.balance) return null
      charge(account, used)
      const rows = distinct.map((name): BatchRow => {
        const known = memory.get(name)
        if (known !== undefined) return { product_name: name, hscode: known, cache_hit: true }
        const code = findCode(name)
        return { product_name: name, hscode: code, cache_hit: false, ...(code === '' ? { error: 'not found' } : {}) }
      })
      return { rows, hits, used }
    },
    submit(account, names, finished) {
      const batchNo = `BAT${clock().replaceAll(/\D/g, '')}${String(++batchCount).padStart(3, '0')}`
      const made = names.map((name): JiayouTask => {
        const task: JiayouTask = {
          id: ++taskCount,
          batch_no: batchNo,
          type: 'api',
          product_name: name,
          hscode: '',
          status: 'paused',
          error_msg: null,
          points_deducted: 0,
          created_at: clock(),
          finished_at: null,
        }
        if (account.balance >= 1) work(account, task, finished)
        else waiting.set(task, () => work(account, task, finished))
        return task
      })
      tasksOf(account).push(...made)
      return {
        batchNo,
        queued: made.filter(({ status }) => status !== 'paused'),
        paused: made.filter(({ status }) => status === 'paused'),
      }
    },
    recharge(account, points) {
      account.balance += points
      for (const task of tasksOf(account)) {
        const resume = waiting.get(task)
        if (resume === undefined || account.balance < 1) continue
        waiting.delete(task)
        resume()
      }
    },
    tasksOf,
    close() {
      for (const timer of timers) clearTimeout(timer)
    },
  }
}

/** Of names that are the same the first. */
function distinctNames(names: readonly string[], foldsCase: boolean): string[] {
  const first = new Map<string, string>()
  for (const name of names) {
    const key = foldsCase ? name.toLowerCase() : name
    if (!first.has(key)) first.set(key, name)
  }
  return [...first.values()]
}
