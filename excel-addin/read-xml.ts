/** As much of XML as a manifest has: elements, attributes in double quotes, text. No entities beyond the five, no DTD. */
export interface Element {
  name: string
  attributes: Record<string, string>
  children: Element[]
  text: string
}

const TOKEN = /<\?[^>]*\?>|<!--[\s\S]*?-->|<\/([\w:.]+)\s*>|<([\w:.]+)((?:\s+[\w:.]+="[^"<]*")*)\s*(\/?)>|([^<]+)/gy
const ATTRIBUTE = /([\w:.]+)="([^"]*)"/g
const ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

/** @returns null when it is not well-formed, or uses more than is read here. */
export function readXml(xml: string): Element | null {
  const root: Element = { name: '', attributes: {}, children: [], text: '' }
  const open = [root]
  TOKEN.lastIndex = 0
  while (TOKEN.lastIndex < xml.length) {
    const token = TOKEN.exec(xml)
    const parent = open.at(-1)
    if (!token || !parent) return null
    const [, closed, opened, attributes = '', isEmpty, text] = token
    if (closed !== undefined) {
      if (open.length < 2 || open.pop()?.name !== closed) return null
    } else if (opened !== undefined) {
      const element: Element = { name: opened, attributes: readAttributes(attributes), children: [], text: '' }
      parent.children.push(element)
      if (!isEmpty) open.push(element)
    } else if (text !== undefined) parent.text += unquote(text.trim())
  }
  const [only, ...more] = root.children
  return only && more.length === 0 && open.length === 1 && root.text === '' ? only : null
}

function readAttributes(text: string): Record<string, string> {
  return Object.fromEntries([...text.matchAll(ATTRIBUTE)].map(([, name = '', value = '']) => [name, unquote(value)]))
}

function unquote(text: string): string {
  return text.replaceAll(/&(\w+);/g, (whole, name: string) => ENTITIES[name] ?? whole)
}
