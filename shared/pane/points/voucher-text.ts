/** A voucher as it is typed. The proxy reads any spelling; this is for the eye that compares it with the paper. */

const PREFIX = 'TV'
const CHARACTERS = 20
const GROUP_CHARACTERS = 5

/** `tv7k3qf9wmra…` → `TV-7K3QF-9WMRA-…`: capitals, groups of five, nothing but letters and digits, no more than a voucher has. */
export function asVoucher(typed: string): string {
  const plain = typed
    .replaceAll(/[\uFF01-\uFF5E]/g, (wide) => String.fromCharCode(wide.charCodeAt(0) - 0xfe_e0))
    .toUpperCase()
    .replaceAll(/[^\dA-Z]/g, '')
  // V is a character of vouchers too, T as well: only at the front and together they are the prefix.
  const hasPrefix = plain.startsWith(PREFIX)
  const body = (hasPrefix ? plain.slice(PREFIX.length) : plain).slice(0, CHARACTERS)
  const groups = body.match(new RegExp(`.{1,${GROUP_CHARACTERS}}`, 'g')) ?? []
  return [...(hasPrefix ? [PREFIX] : []), ...groups].join('-')
}

export function isWholeVoucher(text: string): boolean {
  const plain = text.replaceAll('-', '')
  return plain.length === CHARACTERS || (plain.startsWith(PREFIX) && plain.length === CHARACTERS + PREFIX.length)
}
