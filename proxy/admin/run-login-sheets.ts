/** `npm run sheets:login`: lets clasp into a Google account, whose browser answers it; `-- --no-localhost` where that is on another machine. */
import { failure, FailureError } from '../../shared/error-codes.ts'
import { logIn, type Clasp } from './clasp.ts'
import { helpOf, readOptions, type Guide, type Typed } from './read-options.ts'

const GUIDE: Guide<'no-localhost'> = {
  name: 'sheets:login',
  does: 'lets clasp, Google’s tool, into a Google account that may edit the Apps Script project.',
  options: {
    'no-localhost': {
      value: null,
      what: {
        en: 'for a machine without a browser: open the printed address in any, and paste here the address at which that ends',
        zh: '用于没有浏览器的计算机：在任意浏览器中打开显示的地址，再把最后到达的地址粘贴到这里',
        fr: 'pour une machine sans navigateur : ouvrez l’adresse affichée dans n’importe lequel, et collez ici celle où cela finit',
      },
    },
  },
  example: '--no-localhost',
}

export interface LoginSheetsDeps {
  clasp: Clasp
  print: (text: string) => void
  /** Somebody sits at a terminal. */
  isAttended: boolean
}

/** @throws {FailureError} what stands in the way. */
export async function runLoginSheets(typed: Typed, { clasp, print, isAttended }: LoginSheetsDeps): Promise<void> {
  const given = readOptions(GUIDE, typed)
  if (given === 'help') return print(helpOf(GUIDE))
  if (!isAttended) {
    throw new FailureError(
      failure('bad-command', { detail: 'Google asks a person: run npm run sheets:login in a terminal.' }),
    )
  }
  await logIn(clasp, given['no-localhost'] === undefined ? [] : ['--no-localhost'])
}
