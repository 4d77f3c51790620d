/** The bench's own programs that end by themselves: JSON in, JSON out, each in a process of its own. */
import { join } from 'node:path'
import { benchFolder } from './build-all.ts'
import { startNode } from './child.ts'
import type { ClassifyInput, ClassifyOutput } from './programs/classify.ts'
import type { LoadInput, LoadOutput } from './programs/load.ts'
import type { PurchaseInput, PurchaseOutput } from './programs/purchase.ts'

interface Programs {
  classify: { input: ClassifyInput; output: ClassifyOutput }
  load: { input: LoadInput; output: LoadOutput }
  purchase: { input: PurchaseInput; output: PurchaseOutput }
}

/** @param core null: wherever the system puts it. @throws with what the program printed when it fails. */
export async function runProgram<Name extends keyof Programs>(
  name: Name,
  input: Programs[Name]['input'],
  core: number | null,
): Promise<Programs[Name]['output']> {
  const child = startNode(join(benchFolder, `${name}.js`), { core, input: JSON.stringify(input) })
  return JSON.parse(await child.finished()) as Programs[Name]['output']
}
