/** What a command that makes or pushes an add-in takes, told once: to read what was typed, to say what is missing, and for --help. */
import { parseArgs } from 'node:util'
import { failure, FailureError } from '../../shared/error-codes.ts'
import type { Localised } from '../../shared/language.ts'

export interface Guide<Name extends string = string> {
  /** As after `npm run`. */
  name: string
  /** For people who see it for the first time. */
  does: string
  options: Readonly<Record<Name, OptionGuide>>
  /** What may be typed behind `npm run` and the name. */
  example: string
}

export interface OptionGuide {
  /** What stands in the place of its value, e.g. `<address>`; null where it takes none. */
  value: string | null
  /** Without a full stop. */
  what: Localised
}

export interface Typed {
  args: readonly string[]
  /** Where npm leaves what it took for its own. */
  environment: Readonly<Record<string, string | undefined>>
}

/** One without a value is there as an empty text. */
export type Options<Name extends string> = { [Key in Name]?: string }

/** @throws {FailureError} `npm-kept-option`, `option-unknown`, `option-missing` for one without its value, `misread-command`. */
export function readOptions<Name extends string>(guide: Guide<Name>, typed: Typed): Options<Name> | 'help' {
  const names = Object.keys(guide.options) as Name[]
  const { tokens } = parseArgs({
    args: [...typed.args],
    allowPositionals: true,
    options: {
      ...Object.fromEntries(names.map((name) => [name, { type: typeOf(guide.options[name]) }])),
      help: { type: 'boolean', short: 'h' },
    },
    strict: false,
    tokens: true,
  })
  if (tokens.some((token) => token.kind === 'option' && token.name === 'help')) return 'help'
  // Before anything else: without the -- a value stands there alone.
  const kept = names.find((name) => isKeptByNpm(name, typed))
  if (kept !== undefined)
    throw new FailureError(failure('npm-kept-option', { option: `--${kept}`, example: exampleOf(guide) }))
  const given: Options<Name> = {}
  for (const token of tokens) {
    if (token.kind === 'positional') throw misread(guide, token.value)
    if (token.kind === 'option') given[token.name as Name] = valueOf(guide, token)
  }
  return given
}

export function needed<Name extends string>(guide: Guide<Name>, name: Name): FailureError {
  const option = written(name, guide.options[name])
  const { what } = guide.options[name]
  return new FailureError(failure('option-missing', { command: guide.name, option, what, example: exampleOf(guide) }))
}

export function helpOf(guide: Guide): string {
  const entries = Object.entries(guide.options).map(
    ([name, option]) => [written(name, option), option.what.en] as const,
  )
  const width = Math.max('--help'.length, ...entries.map(([option]) => option.length))
  const lines = [...entries, ['--help', 'shows this']].map(
    ([option = '', what]) => `  ${option.padEnd(width)}  ${what}\n`,
  )
  return `npm run ${guide.name}: ${guide.does}\n\n${lines.join('')}\nFor example: ${exampleOf(guide)}\n`
}

interface OptionToken {
  name: string
  /** As it was typed. */
  rawName: string
  value?: string | undefined
  /** Behind a `=`. */
  inlineValue?: boolean | undefined
}

function valueOf<Name extends string>(guide: Guide<Name>, token: OptionToken): string {
  const { name, rawName, value, inlineValue = false } = token
  if (!isOption(guide, name) || rawName !== `--${name}`) {
    const known = [...Object.keys(guide.options), 'help'].map((option) => `--${option}`).join(', ')
    throw new FailureError(failure('option-unknown', { command: guide.name, option: rawName, known }))
  }
  if (typeOf(guide.options[name]) === 'boolean') {
    if (value !== undefined) throw misread(guide, value)
    return ''
  }
  if (value === undefined || value === '' || (!inlineValue && value.startsWith('-'))) throw needed(guide, name)
  return value
}

function written(name: string, { value }: OptionGuide): string {
  return value === null ? `--${name}` : `--${name} ${value}`
}

function typeOf({ value }: OptionGuide): 'string' | 'boolean' {
  return value === null ? 'boolean' : 'string'
}

function isOption<Name extends string>(guide: Guide<Name>, name: string): name is Name {
  return Object.hasOwn(guide.options, name)
}

/** Without the `--` behind the command's name npm takes options for its own, and shows them to us in the environment only. */
function isKeptByNpm(name: string, { args, environment }: Typed): boolean {
  return !args.some((arg) => arg === `--${name}` || arg.startsWith(`--${name}=`)) && isInNpmConfig(name, environment)
}

/** Whether npm was given the option. Of its own ones, such as `yes`, it sets some to an empty text whatever was typed. */
export function isInNpmConfig(name: string, environment: Typed['environment']): boolean {
  const kept = environment[`npm_config_${name.replace(/^no-/, '').replaceAll('-', '_')}`]
  const isOff = kept === '' || kept === 'false'
  // No to what npm does not know it shows as an empty text.
  return kept !== undefined && isOff === name.startsWith('no-')
}

function misread(guide: Guide, text: string): FailureError {
  const detail = {
    en: `npm run ${guide.name} does not know what "${text}" is for: no option that takes it stands before it. For help: npm run ${guide.name} -- --help`,
    zh: `npm run ${guide.name} 不知道“${text}”的用途：前面没有需要它的选项。帮助：npm run ${guide.name} -- --help`,
    fr: `npm run ${guide.name} ne sait que faire de « ${text} » : aucune option qui le prenne ne le précède. Aide : npm run ${guide.name} -- --help`,
  }
  return new FailureError(failure('misread-command', { detail }))
}

function exampleOf({ name, example }: Guide): string {
  return `npm run ${name}${example === '' ? '' : ` -- ${example}`}`
}
