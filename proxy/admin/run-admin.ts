/** The operator's command line, read: which command, which operands, what a wrong one is told. */
import { parseArgs } from 'node:util'
import { failure, FailureError, sentence } from '../../shared/error-codes.ts'
import type { Environment } from '../config.ts'
import type { Upstream } from '../providers/upstream.ts'
import type { Terminal } from './ask-credential.ts'
import {
  CodedSentence,
  listCredentials,
  removeCredential,
  setCredential,
  showUsage,
  testCredential,
} from './credential-commands.ts'
import { openAdmin, type Admin } from './open-admin.ts'
import {
  changeFallback,
  grantPoints,
  makeCode,
  revokeSeat,
  showSeats,
  showWorkspaces,
  type Print,
} from './workspace-commands.ts'

export interface AdminWorld extends Terminal {
  environment: Environment
  stdout: { write(text: string): unknown }
  /** Only asked for by the commands that need them: adapters take time to load. */
  loadUpstreams: () => Promise<readonly Upstream[]>
}

const HELP = `Usage: npm run admin -- <command>

  credentials set <upstream> [--workspace <id or name>] [--url <base address>]
      Asks for the credential; from another program it reads lines name=value. For everybody, or for one workspace.
  credentials list [--json]
  credentials test <upstream> [--workspace <id or name>]
      Calls the upstream once.
  credentials remove <upstream> [--workspace <id or name>]
  usage [--json]
      What the upstreams took, in their own money.

  workspaces [--json]
  workspace fallback [<id or name>] none|embedded
      Who answers where a connected upstream fails.
  grant [<workspace>] <points> --ref <text>
      Adds points, once for each reference.
  seats [<workspace>] [--json]
  seat revoke <id>
  code [<workspace>] [--role seat|cell]
      A connection code for one more seat.

A workspace may be left out where there is only one. It all works while the proxy runs.
`

const OPTIONS = {
  workspace: { type: 'string' },
  url: { type: 'string' },
  ref: { type: 'string' },
  role: { type: 'string' },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const
type Options = ReturnType<typeof readArguments>['values']
type OptionName = keyof typeof OPTIONS

interface Command {
  name: string
  /** How many operands it takes. */
  operands: readonly [min: number, max: number]
  options?: readonly OptionName[]
  /** Makes the data folder where there is none. */
  mayCreate?: boolean
  run(admin: Admin, given: { operands: string[]; options: Options; print: Print; world: AdminWorld }): Promise<void>
}

const COMMANDS: readonly Command[] = [
  {
    name: 'credentials set',
    operands: [1, 1],
    options: ['workspace', 'url'],
    mayCreate: true,
    run: async (admin, { operands: [upstream = ''], options: { workspace, url }, print, world }) =>
      setCredential(admin, print, await world.loadUpstreams(), { upstream, workspace, url }, world),
  },
  {
    name: 'credentials list',
    operands: [0, 0],
    options: ['json'],
    run: (admin, { options: { json = false }, print }) => listCredentials(admin, print, json),
  },
  {
    name: 'credentials test',
    operands: [1, 1],
    options: ['workspace'],
    run: async (admin, { operands: [upstream = ''], options: { workspace }, print, world }) =>
      testCredential(admin, print, await world.loadUpstreams(), { upstream, workspace }),
  },
  {
    name: 'credentials remove',
    operands: [1, 1],
    options: ['workspace'],
    run: (admin, { operands: [upstream = ''], options: { workspace }, print }) =>
      removeCredential(admin, print, { upstream, workspace }),
  },
  {
    name: 'usage',
    operands: [0, 0],
    options: ['json'],
    run: (admin, { options: { json = false }, print }) => showUsage(admin, print, json),
  },
  {
    name: 'workspaces',
    operands: [0, 0],
    options: ['json'],
    run: (admin, { options: { json = false }, print }) => showWorkspaces(admin, print, json),
  },
  {
    name: 'workspace fallback',
    operands: [1, 2],
    run: (admin, { operands, print }) => changeFallback(admin, print, ...lastAndBefore(operands)),
  },
  {
    name: 'grant',
    operands: [1, 2],
    options: ['ref'],
    run: (admin, { operands, options: { ref = '' }, print }) => {
      const [wanted, points] = lastAndBefore(operands)
      return grantPoints(admin, print, { wanted, points, ref })
    },
  },
  {
    name: 'seats',
    operands: [0, 1],
    options: ['json'],
    run: (admin, { operands: [wanted], options: { json = false }, print }) => showSeats(admin, print, wanted, json),
  },
  {
    name: 'seat revoke',
    operands: [1, 1],
    run: (admin, { operands: [id = ''], print }) => revokeSeat(admin, print, id),
  },
  {
    name: 'code',
    operands: [0, 1],
    options: ['role'],
    run: (admin, { operands: [wanted], options: { role = 'seat' }, print }) => makeCode(admin, print, wanted, role),
  },
]

/** A command line that was not understood. The message never repeats it: a secret may stand in it. */
class UsageError extends Error {}

/** @returns the exit code: 0 done, 1 failed with one coded sentence on stderr, 2 not understood. */
export async function runAdmin(argv: readonly string[], world: AdminWorld): Promise<number> {
  try {
    const wish = readCommand(argv)
    if (wish === 'help') world.stdout.write(HELP)
    else await runCommand(wish, world)
    return 0
  } catch (error) {
    if (error instanceof UsageError) {
      world.stderr.write(`${error.message}\n\n${HELP}`)
      return 2
    }
    if (error instanceof CodedSentence) world.stderr.write(`${error.message}\n`)
    else if (error instanceof FailureError) world.stderr.write(`${sentence(error.failure)}\n`)
    else throw error
    return 1
  }
}

interface Wish {
  command: Command
  operands: string[]
  options: Options
}

async function runCommand({ command, operands, options }: Wish, world: AdminWorld): Promise<void> {
  const admin = await openAdmin(world.environment, { mayCreate: command.mayCreate ?? false })
  try {
    const print: Print = (line) => world.stdout.write(`${line}\n`)
    await command.run(admin, { operands, options, print, world })
  } finally {
    await admin.close()
  }
}

function readCommand(argv: readonly string[]): Wish | 'help' {
  const isSet = argv[0] === 'credentials' && argv[1] === 'set'
  try {
    const { values, positionals } = readArguments(argv)
    if (values.help || positionals[0] === 'help') return 'help'
    if (positionals.length === 0) throw new UsageError('Say what to do.')
    const command = COMMANDS.find(({ name }) => name.split(' ').every((word, at) => positionals[at] === word))
    if (!command) throw new UsageError('There is no such command.')
    const operands = positionals.slice(command.name.split(' ').length)
    const [min, max] = command.operands
    if (operands.length < min) throw new UsageError(`${command.name} needs more.`)
    if (operands.length > max) throw new UsageError(`${command.name} takes less.`)
    if (operands.some((operand) => operand.includes('='))) throw new UsageError(`${command.name} takes no name=value.`)
    for (const option of Object.keys(values) as OptionName[]) {
      if (!command.options?.includes(option)) throw new UsageError(`${command.name} takes no --${option}.`)
    }
    return { command, operands, options: values }
  } catch (error) {
    // Whatever is too much behind `credentials set` is taken for the secret that it asks for.
    if (error instanceof UsageError && isSet && argv.length > 3) throw secretOnCommandLine()
    throw error
  }
}

function readArguments(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], allowPositionals: true, options: OPTIONS })
  } catch (cause) {
    throw new UsageError('There is an option that is not known, or one that lacks its value.', { cause })
  }
}

function secretOnCommandLine(): FailureError {
  const detail =
    'A secret does not go on the command line, where the shell keeps it. Leave it out, it is asked for; if it was one, replace it.'
  return new FailureError(failure('bad-command', { detail }))
}

/** A workspace may be left out before the operand that must be there. */
function lastAndBefore(operands: readonly string[]): [before: string | undefined, last: string] {
  return [operands.length > 1 ? operands[0] : undefined, operands.at(-1) ?? '']
}
