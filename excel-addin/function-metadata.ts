/** The catalogue as the TypeScript that Microsoft's metadata generator reads; functions.json comes from it and is never written by hand. */
import { FUNCTION_NAMES, functionSpec, PARAMETERS, type FunctionName, type ParameterName } from '../shared/functions.ts'

/** Types stand in the code and not in JSDoc: the generator refuses a JSDoc type beside a TypeScript one. */
export function metadataSource(): string {
  return FUNCTION_NAMES.map(declareFunction).join('\n')
}

function declareFunction(name: FunctionName): string {
  const { summary, required, optional, streams } = functionSpec(name)
  const help = [...required, ...optional].map(
    (parameter) => ` * @param ${PARAMETERS[parameter].shown} ${comment(PARAMETERS[parameter].help.en)}`,
  )
  const parameters = [
    ...required.map((parameter) => declareParameter(parameter, '')),
    ...optional.map((parameter) => declareParameter(parameter, '?')),
    streams
      ? 'invocation: CustomFunctions.StreamingInvocation<any[][]>'
      : 'invocation: CustomFunctions.CancelableInvocation',
  ]
  return [
    '/**',
    ` * ${comment(summary.en)}`,
    ` * @customfunction ${name}`,
    ...help,
    ...(streams ? [' * @streaming'] : []),
    ' * @cancelable',
    ' */',
    `export declare function ${name}(${parameters.join(', ')}): ${streams ? 'void' : 'Promise<any[][]>'}`,
    '',
  ].join('\n')
}

function declareParameter(parameter: ParameterName, mark: '' | '?'): string {
  return `${PARAMETERS[parameter].shown}${mark}: any[][]`
}

/** Help text that would end the comment, or start a tag, must not get through unseen. */
function comment(text: string): string {
  if (/\*\/|@|[\r\n]|\{/.test(text)) throw new Error(`this help text cannot stand in a JSDoc comment: ${text}`)
  return text
}
