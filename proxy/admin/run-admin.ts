/** The operator's command line, read: which command, which operands, what a wrong one is told. */
import { parseArgs } from 'node:util'
import { failure, FailureError, sentence } from '../../shared/error-codes.ts'
import { OPTIONS, type AdminWorld, type Command, type OptionName, type Options, type Print } from './command.ts'
import { CREDENTIAL_COMMANDS } from './commands/credentials.ts'
import { RECHARGE_COMMANDS } from './commands/recharge.ts'
import { JOB_COMMANDS } from './commands/jobs.ts'
import { LEDGER_COMMANDS } from './commands/ledger.ts'
import { MEMORY_COMMANDS } from './commands/memory.ts'
import { MOVE_COMMANDS } from './commands/move.ts'
import { SEAT_COMMANDS } from './commands/seats.ts'
import { WEBHOOK_COMMANDS } from './commands/webhooks.ts'
import { WORKSPACE_COMMANDS } from './commands/workspaces.ts'
import { UPSTREAM_WEBHOOK_COMMANDS } from './commands/upstream-webhooks.ts'
import { CodedSentence } from './credential-commands.ts'
import { openAdmin } from './open-admin.ts'
import { isInNpmConfig } from './read-options.ts'

const ROOMS: readonly (readonly Command[])[] = [
  CREDENTIAL_COMMANDS,
  WORKSPACE_COMMANDS,
  SEAT_COMMANDS,
  RECHARGE_COMMANDS,
  LEDGER_COMMANDS,
  MEMORY_COMMANDS,
  WEBHOOK_COMMANDS,
  JOB_COMMANDS,
  UPSTREAM_WEBHOOK_COMMANDS,
  MOVE_COMMANDS,
]
// The longer name first: `usage export` is not `usage` with an operand.
const COMMANDS = ROOMS.flat().sort((a, b) => b.name.split(' ').length - a.name.split(' ').length)

const HELP = `Usage: npm run admin -- <command>

${ROOMS.map((commands) => commands.map(helpOf).join('')).join('\n')}
A workspace may be left out where there is only one. All but the move works while the proxy runs.
`

function helpOf({ name, usage, help }: Command): string {
  return `  ${name} ${usage}\n${help === undefined ? '' : `      ${help}\n`}`
}

/** A command line that was not understood. The message repeats no more of it than an option's name: a secret may stand in it. */
class UsageError extends Error {
  readonly commands: readonly Command[]

  /** @param commands those that may have been meant; empty: it could be any. */
  constructor(message: string, commands: readonly Command[] = [], options?: ErrorOptions) {
    super(message, options)
    this.commands = commands
  }
}

/** @returns the exit code: 0 done, 1 failed with one coded sentence on stderr, 2 not understood. */
export async function runAdmin(argv: readonly string[], world: AdminWorld): Promise<number> {
  const lost = adviceOnLost(argv, world.environment)
  try {
    const wish = readCommand(argv)
    if (wish === 'help') world.stdout.write(HELP)
    else await runCommand(wish, world)
    return 0
  } catch (error) {
    if (error instanceof UsageError) {
      const help =
        error.commands.length === 0 ? HELP : `Usage: npm run admin --\n${error.commands.map(helpOf).join('')}`
      // Last, where it is seen.
      world.stderr.write(`${help}\n${sentence(failure('misread-command', { detail: error.message }))}\n${lost}`)
      return 2
    }
    if (error instanceof CodedSentence) world.stderr.write(`${error.message}\n`)
    else if (error instanceof FailureError) world.stderr.write(`${sentence(error.failure)}\n${lost}`)
    else throw error
    return 1
  }
}

/** Without the `--` behind `admin` npm takes the options for its own, and shows them to us in the environment only. */
function adviceOnLost(argv: readonly string[], environment: AdminWorld['environment']): string {
  const lost = findCommand(argv)?.options?.find(
    (name) =>
      isInNpmConfig(name, environment) && !argv.some((text) => text === `--${name}` || text.startsWith(`--${name}=`)),
  )
  return lost === undefined ? '' : `npm kept --${lost} for itself: did you leave out the -- after admin?\n`
}

interface Wish {
  command: Command
  operands: string[]
  options: Options
}

async function runCommand({ command, operands, options }: Wish, world: AdminWorld): Promise<void> {
  const print: Print = (line) => world.stdout.write(`${line}\n`)
  const given = { operands, options, print, world }
  if ('runAlone' in command) return command.runAlone(given)
  const admin = await openAdmin(world.environment, {
    mayCreate: command.mayCreate ?? false,
    ...(world.paymentServices ? { paymentServices: world.paymentServices } : {}),
  })
  try {
    await command.run(admin, given)
  } finally {
    await admin.close()
  }
}

function readCommand(argv: readonly string[]): Wish | 'help' {
  const isSet = argv[0] === 'credentials' && argv[1] === 'set'
  try {
    const { values, positionals, trouble } = readArguments(argv)
    if (values.help || positionals[0] === 'help') return 'help'
    const command = findCommand(positionals)
    if (!command) throw unknownCommand(positionals)
    const refuse = (message: string): UsageError => new UsageError(message, [command])
    if (trouble) throw refuse(trouble)
    const operands = positionals.slice(command.name.split(' ').length)
    const [min, max] = command.operands
    if (operands.length < min) throw refuse(`${command.name} needs ${operandsOf(command)}.`)
    if (operands.length > max) {
      throw refuse(
        `${command.name} takes ${max === 0 ? 'nothing more' : `at most ${max}; here are ${operands.length}`}.`,
      )
    }
    if (operands.some((operand) => operand.includes('='))) throw refuse(`${command.name} takes no name=value.`)
    for (const option of Object.keys(values) as OptionName[]) {
      if (!command.options?.includes(option)) throw refuse(`${command.name} takes no --${option}.`)
    }
    return { command, operands, options: values }
  } catch (error) {
    // Whatever is too much behind `credentials set` is taken for the secret that it asks for.
    if (error instanceof UsageError && isSet && argv.length > 3) throw secretOnCommandLine()
    throw error
  }
}

function findCommand(words: readonly string[]): Command | undefined {
  return COMMANDS.find(({ name }) => name.split(' ').every((word, at) => words[at] === word))
}

function unknownCommand([first]: readonly string[]): UsageError {
  if (first === undefined) return new UsageError('Say what to do.')
  const near = COMMANDS.filter(({ name }) => name.startsWith(first))
  if (near.length === 0) return new UsageError('There is no such command.')
  return new UsageError('There is no such command; these begin like it. All: npm run admin -- help', near)
}

/** Those that must be there, as the usage writes them: without what stands in brackets or behind an option. */
function operandsOf({ usage }: Command): string {
  return usage
    .replaceAll(/\[[^\]]*\]/g, '')
    .replaceAll(/--[\w-]+ (?:<[^>]*>|\S+)/g, '')
    .trim()
}

// To parseArgs `-20` is an option. A minus sign as people print it is none, and is understood from whoever pastes one.
const NEGATIVE_NUMBER = /^-(?=\d+$)/
const MINUS = '\u2212'

function withHyphen(text: string): string {
  return text.replace(/^\u2212(?=\d+$)/, '-')
}

/** @returns `trouble`: what is wrong with an option, in words. */
function readArguments(argv: readonly string[]): { values: Options; positionals: string[]; trouble: string | null } {
  const { values, positionals, tokens } = parseArgs({
    args: argv.map((text) => text.replace(NEGATIVE_NUMBER, MINUS)),
    allowPositionals: true,
    options: OPTIONS,
    strict: false,
    tokens: true,
  })
  return {
    values: Object.fromEntries(
      Object.entries(values).map(([name, value]) => [name, typeof value === 'string' ? withHyphen(value) : value]),
    ),
    positionals: positionals.map(withHyphen),
    trouble: tokens.map((token) => (token.kind === 'option' ? troubleOf(token) : null)).find(Boolean) ?? null,
  }
}

interface OptionToken {
  name: string
  value?: string | undefined
  /** Behind a `=`. */
  inlineValue?: boolean | undefined
}

function troubleOf({ name, value, inlineValue = false }: OptionToken): string | null {
  if (!isOption(name)) {
    // What has other characters may be anything, a secret too.
    return /^[a-z]{2,}(?:-[a-z]+)?$/.test(name)
      ? `There is no option --${name}.`
      : 'There is an option that is not known.'
  }
  const takesValue = OPTIONS[name].type === 'string'
  if (takesValue && (value === undefined || (!inlineValue && value.startsWith('-')))) return `--${name} needs a value.`
  return !takesValue && value !== undefined ? `--${name} takes no value.` : null
}

function isOption(name: string): name is OptionName {
  return Object.hasOwn(OPTIONS, name)
}

function secretOnCommandLine(): FailureError {
  const detail =
    'A secret does not go on the command line, where the shell keeps it. Leave it out, it is asked for; if it was one, replace it.'
  return new FailureError(failure('bad-command', { detail }))
}
