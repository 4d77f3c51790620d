/** The catalogue as the grid's autocomplete and argument help want it: keys here, the texts beside them in three languages. */
import { BooleanNumber } from '@univerjs/presets'
import { FunctionType, type IFunctionInfo } from '@univerjs/presets/preset-sheets-core'
import { FUNCTION_NAMES, functionSpec, PARAMETERS, type ParameterName } from '../../shared/functions.ts'
import type { Language } from '../../shared/language.ts'

export function functionHelp(): IFunctionInfo[] {
  return FUNCTION_NAMES.map((name) => {
    const { required, optional } = functionSpec(name)
    return {
      functionName: name,
      functionType: FunctionType.User,
      description: `tariffcell.functions.${name}`,
      abstract: `tariffcell.functions.${name}`,
      functionParameter: [
        ...required.map((parameter) => parameterHelp(parameter, BooleanNumber.TRUE)),
        ...optional.map((parameter) => parameterHelp(parameter, BooleanNumber.FALSE)),
      ],
    }
  })
}

function parameterHelp(parameter: ParameterName, require: BooleanNumber): IFunctionInfo['functionParameter'][number] {
  const { shown, example } = PARAMETERS[parameter]
  return { name: shown, detail: `tariffcell.parameters.${parameter}`, example, require, repeat: BooleanNumber.FALSE }
}

/** The texts behind the keys of `functionHelp`, to be merged into the grid's own words. */
export function functionHelpWords(language: Language): Record<string, Record<string, Record<string, string>>> {
  const functions = Object.fromEntries(FUNCTION_NAMES.map((name) => [name, functionSpec(name).summary[language]]))
  const parameters = Object.fromEntries(Object.entries(PARAMETERS).map(([name, { help }]) => [name, help[language]]))
  return { tariffcell: { functions, parameters } }
}
