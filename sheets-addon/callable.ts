/**
 * What Google can call by name. Any editor can type any of these into a cell, so the list is closed: the functions of the catalogue,
 * what the menu and Google's own events call, and one door for the sidebar, which no formula gets through.
 */
import { FUNCTION_NAMES, functionSpec, PARAMETERS, type FunctionName } from '../shared/functions.ts'

export interface Callable {
  name: string
  parameters: string[]
  /** The body of its declaration, where `app_` is the bundle. */
  body: string
  /** Lines of its JSDoc: what Google shows while a formula is typed. */
  help: string[]
}

export function callables(): Callable[] {
  return [
    ...FUNCTION_NAMES.map(formula),
    entry('onOpen', ['event'], 'Google: a spreadsheet was opened.'),
    entry('onInstall', ['event'], 'Google: the add-on was installed.'),
    entry('showPane', [], 'Menu: opens the sidebar.'),
    entry('paneCall', ['deed', 'given', 'version'], 'Sidebar: what it asks for. Refused in a cell.'),
  ]
}

/** The declarations that follow the bundle. */
export function printCallables(): string {
  return callables()
    .map(({ name, parameters, body, help }) =>
      [
        '/**',
        ...help.map((line) => ` * ${comment(line)}`),
        ' */',
        `function ${name}(${parameters.join(', ')}) {`,
        `  ${body}`,
        '}',
      ].join('\n'),
    )
    .join('\n\n')
}

function formula(name: FunctionName): Callable {
  const { summary, required, optional } = functionSpec(name)
  const parameters = [...required, ...optional]
  return {
    name,
    parameters: parameters.map((parameter) => PARAMETERS[parameter].shown),
    body: `return app_.answerFormula('${name}', [${parameters.map((parameter) => PARAMETERS[parameter].shown).join(', ')}]);`,
    help: [
      summary.en,
      '',
      // In the place of the type Google shows an example.
      ...parameters.map((parameter) => {
        const { shown, help, example } = PARAMETERS[parameter]
        const mark = required.includes(parameter) ? '' : 'Optional. '
        return `@param {${example}} ${shown} ${mark}${help.en}`
      }),
      '@customfunction',
    ],
  }
}

function entry(name: string, parameters: string[], help: string): Callable {
  return { name, parameters, body: `return app_.${name}(${parameters.join(', ')});`, help: [help] }
}

/** Text that would end the comment must not get through unseen. */
function comment(line: string): string {
  if (/\*\/|[\r\n]/.test(line)) throw new Error(`this help text cannot stand in a JSDoc comment: ${line}`)
  return line
}
