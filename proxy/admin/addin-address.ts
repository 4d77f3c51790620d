/** The proxy's address, which an add-in is made for, and whether it can be written where it goes. */
import { isIP } from 'node:net'
import { failure, FailureError } from '../../shared/error-codes.ts'
import type { Localised } from '../../shared/language.ts'
import { isPublicAddress } from '../public-address.ts'
import type { OptionGuide } from './read-options.ts'

/** An address as examples show it. */
export const EXAMPLE_ADDRESS = 'https://hs.example.com'

export const OUT_OPTION: OptionGuide = {
  value: '<place>',
  what: { en: 'where it is written', zh: '写入位置', fr: 'où il est écrit' },
}

/** @throws {FailureError} `bad-command`, where `write` finds that it cannot. */
export async function writing(where: string, write: () => void | Promise<void>): Promise<void> {
  try {
    await write()
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === undefined) throw error
    throw new FailureError(failure('bad-command', { detail: `${where} cannot be written (${code})` }), { cause: error })
  }
}

// What the proxy serves, copied out of a browser or an example. A proxy may itself lie below a path: /tariffcell.
const BEFORE_PAGE =
  /^(.*?)\/+(?:healthz|readyz|metrics|openapi\.json|v1(?:\/.*)?|(?:connect|excel)(?:\/[^/]*\.[^/]*)?)\/*$/

/** The address of a proxy as the manifest takes it. @throws {FailureError} `bad-addin-address`, saying what is wrong with it. */
export function readAddinAddress(text: string): string {
  if (!URL.canParse(text)) throw refused(text, 'not-an-address')
  const url = new URL(text)
  // `localhost:3000` can be parsed, as if localhost were a protocol.
  if (!/^https?:\/\//i.test(text)) throw refused(text, 'not-an-address')
  if (url.protocol !== 'https:') throw refused(text, 'plain-http')
  if (url.username !== '' || url.password !== '') throw refused(text, 'password')
  const base = BEFORE_PAGE.exec(url.pathname)?.[1]
  if (base !== undefined) throw refused(text, 'page', typeInstead(url.origin + base))
  if (url.search !== '' || url.hash !== '') throw refused(text, 'too-long')
  return url.href.replace(/\/+$/, '')
}

/** The same for Google Sheets, where Google's servers ask the proxy and no browser does. @throws {FailureError} `bad-addin-address` */
export function readSheetsAddress(text: string): string {
  const address = readAddinAddress(text)
  const host = new URL(address).hostname.replaceAll(/[[\]]/g, '')
  // Names that no public name server tells of.
  const isReachable =
    isIP(host) === 0 ? /\.(?!(?:localhost|local|internal|lan|home|test|arpa)$)[^.]+$/.test(host) : isPublicAddress(host)
  if (!isReachable) throw refused(text, 'inside')
  return address
}

type Why = 'not-an-address' | 'plain-http' | 'password' | 'page' | 'too-long' | 'inside'

function refused(value: string, why: Why, remedy = WHY[why].remedy): FailureError {
  // A password does not go on to the terminal, nor into what somebody makes of it.
  const shown = why === 'password' ? value.replace(/\/\/.*@/, '//…@') : value
  return new FailureError(failure('bad-addin-address', { value: shown, why: WHY[why].why, remedy }))
}

function typeInstead(address: string): Localised {
  return { en: `Type ${address}`, zh: `请输入 ${address}`, fr: `Tapez ${address}` }
}

const WHY: Readonly<Record<Why, { why: Localised; remedy: Localised }>> = {
  'not-an-address': {
    why: {
      en: 'it is not a whole web address',
      zh: '它不是完整的网址',
      fr: 'ce n’est pas une adresse web entière',
    },
    remedy: {
      en: 'Type all of it, from https on, as a browser shows it.',
      zh: '请像浏览器显示的那样，从 https 开始完整输入。',
      fr: 'Tapez-la en entier, à partir de https, comme un navigateur la montre.',
    },
  },
  'plain-http': {
    why: {
      en: 'it begins with http, and spreadsheets ask a proxy over https only, on this machine too',
      zh: '它以 http 开头，而电子表格只通过 https 访问代理，在本机也是如此',
      fr: 'elle commence par http, et un tableur n’interroge un proxy qu’en https, sur cette machine aussi',
    },
    remedy: {
      en: 'Put a server that speaks https before the proxy, and type that server’s address.',
      zh: '请在代理前放置支持 https 的服务器，并输入该服务器的地址。',
      fr: 'Placez devant le proxy un serveur qui parle https, et tapez l’adresse de ce serveur.',
    },
  },
  password: {
    why: {
      en: 'it holds a name or password, which everybody who installs the add-in could read',
      zh: '其中含有用户名或密码，所有安装加载项的人都能读到',
      fr: 'elle contient un nom ou un mot de passe, que tous ceux qui installent le complément pourraient lire',
    },
    remedy: {
      en: 'Leave out all that stands before the @, and the @.',
      zh: '请去掉 @ 及其前面的内容。',
      fr: 'Retirez le @ et ce qui le précède.',
    },
  },
  page: {
    why: {
      en: 'it leads to one of the proxy’s pages, and the add-in adds its own to where the proxy begins',
      zh: '它指向代理的某个页面，而加载项会在代理的起始地址后添加自己的内容',
      fr: 'elle mène à une page du proxy, et le complément ajoute du sien à l’endroit où le proxy commence',
    },
    remedy: typeInstead(EXAMPLE_ADDRESS),
  },
  'too-long': {
    why: {
      en: 'it goes on after a ? or #, and an add-in adds its own to it',
      zh: '其中含有 ? 或 #，而加载项会在后面添加自己的内容',
      fr: 'elle continue après un ? ou un #, et le complément y ajoute du sien',
    },
    remedy: {
      en: 'Leave out the ? or # and all behind it.',
      zh: '请去掉 ? 或 # 及其后面的内容。',
      fr: 'Retirez le ? ou le # et tout ce qui suit.',
    },
  },
  inside: {
    why: {
      en: 'Google’s own servers ask the proxy, and they cannot reach an address of this machine or of a private network',
      zh: '访问代理的是 Google 自己的服务器，它们无法访问本机或私有网络的地址',
      fr: 'ce sont les serveurs de Google qui interrogent le proxy, et ils n’atteignent ni cette machine ni un réseau privé',
    },
    remedy: {
      en: 'Give the proxy a name that the whole internet can reach over https, and type that.',
      zh: '请为代理设置整个互联网都能通过 https 访问的名称，并输入该地址。',
      fr: 'Donnez au proxy un nom que tout l’internet atteint en https, et tapez celui-là.',
    },
  },
}
