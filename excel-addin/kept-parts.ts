/// <reference types="office-js" />
/**
 * Texts kept in the workbook, one custom XML part for each name: they travel with the file. Not the add-in's settings, because saving those
 * takes from people what they could undo.
 */

export async function readKept(context: Excel.RequestContext, name: string): Promise<string | null> {
  const parts = context.workbook.customXmlParts.getByNamespace(namespaceOf(name))
  parts.load('items/id')
  await context.sync()
  const [first] = parts.items
  if (!first) return null
  const xml = first.getXml()
  await context.sync()
  return textOf(xml.value)
}

export async function writeKept(context: Excel.RequestContext, name: string, text: string | null): Promise<void> {
  const parts = context.workbook.customXmlParts.getByNamespace(namespaceOf(name))
  parts.load('items/id')
  await context.sync()
  const [first, ...others] = parts.items
  // Two people who keep something at once leave two parts.
  for (const other of others) other.delete()
  if (text === null) first?.delete()
  else if (first) first.setXml(xmlOf(name, text))
  else context.workbook.customXmlParts.add(xmlOf(name, text))
  await context.sync()
}

function namespaceOf(name: string): string {
  return `urn:tariffcell:${encodeURIComponent(name)}`
}

const ESCAPES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' }

/** As JSON, because XML has no place for control characters and changes the ends of lines. */
function xmlOf(name: string, text: string): string {
  const content = JSON.stringify(text).replaceAll(/[&<>]/g, (sign) => ESCAPES[sign] ?? sign)
  return `<kept xmlns="${namespaceOf(name)}">${content}</kept>`
}

/** @returns null where somebody else has written something else there. */
function textOf(xml: string): string | null {
  const { documentElement } = new DOMParser().parseFromString(xml, 'application/xml')
  try {
    const text: unknown = JSON.parse(documentElement.textContent)
    return typeof text === 'string' ? text : null
  } catch {
    return null
  }
}
