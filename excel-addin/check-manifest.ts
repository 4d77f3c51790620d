/**
 * What Excel would refuse in a manifest, found without Microsoft's online validator: the order of elements, resources that are
 * missing, doubled or unused, addresses that are not https, texts that are too long, and what breaks a shared runtime.
 */
import { readXml, type Element } from './read-xml.ts'

/** Children of an element in the order of Microsoft's schema, as far as a custom-functions add-in uses it; `!` is required. */
const ORDER: Readonly<Record<string, string>> = {
  OfficeApp:
    'Id! AlternateId Version! ProviderName! DefaultLocale! DisplayName! Description! IconUrl! HighResolutionIconUrl! SupportUrl! ' +
    'AppDomains! Hosts! Requirements! DefaultSettings! Permissions! VersionOverrides!',
  VersionOverrides: 'Description Requirements Hosts! Resources!',
  'VersionOverrides/Hosts/Host': 'Runtimes! AllFormFactors! DesktopFormFactor!',
  'AllFormFactors/ExtensionPoint': 'Script! Page! Metadata! Namespace',
  DesktopFormFactor: 'GetStarted FunctionFile! ExtensionPoint!',
  GetStarted: 'Title! Description! LearnMoreUrl!',
  Group: 'Label! Icon! Control!',
  Control: 'Label! ToolTip Supertip! Icon! Action!',
  Supertip: 'Title! Description!',
  Action: 'TaskpaneId SourceLocation! Title',
  Resources: 'bt:Images! bt:Urls! bt:ShortStrings! bt:LongStrings!',
}
const GUID = /^[\da-f]{8}-[\da-f]{4}-[1-5][\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/i
const VERSION = /^\d{1,5}(?:\.\d{1,5}){1,3}$/
const RESID_CHARACTERS_MAX = 32
const URL_CHARACTERS_MAX = 2048
const TEXT_CHARACTERS_MAX: Readonly<Record<string, number>> = {
  DisplayName: 125,
  ProviderName: 125,
  Description: 250,
  'bt:ShortStrings/bt:String': 125,
  'bt:LongStrings/bt:String': 250,
}
const RIBBON_ICON_SIZES = ['16', '32', '80']
const RESOURCES = new Set(['bt:Image', 'bt:Url', 'bt:String'])

interface Found {
  element: Element
  /** Names from the root down, its own last. */
  path: string[]
}

/** @returns one sentence for each problem; none: Excel should take it. */
export function checkManifest(xml: string): string[] {
  const root = readXml(xml)
  if (root?.name !== 'OfficeApp') return ['It is not a well-formed XML file with OfficeApp as its root.']
  const all = walk(root, [])
  return [
    ...all.flatMap(checkOrder),
    ...checkHead(root),
    ...checkResources(all),
    ...all.flatMap(checkAddresses),
    ...all.flatMap(checkLengths),
    ...all.flatMap(checkIcon),
    ...checkSharedRuntime(all),
  ]
}

function walk(element: Element, above: readonly string[]): Found[] {
  const path = [...above, element.name]
  return [{ element, path }, ...element.children.flatMap((child) => walk(child, path))]
}

function checkOrder({ element, path }: Found): string[] {
  const place = path.join('/')
  const rule = Object.entries(ORDER).find(([end]) => place === end || place.endsWith(`/${end}`))?.[1]
  if (rule === undefined) return []
  const order = rule.split(' ').map((name) => ({ name: name.replace('!', ''), isRequired: name.endsWith('!') }))
  const problems: string[] = []
  let last = 0
  for (const { name } of element.children) {
    const at = order.findIndex((one) => one.name === name)
    if (at < 0) problems.push(`${place}: ${name} does not belong there.`)
    else if (at < last) problems.push(`${place}: ${name} must stand before ${order[last]?.name}.`)
    else last = at
  }
  for (const { name, isRequired } of order) {
    if (isRequired && !element.children.some((child) => child.name === name))
      problems.push(`${place}: ${name} is missing.`)
  }
  return problems
}

function checkHead(root: Element): string[] {
  const text = (name: string): string => root.children.find((child) => child.name === name)?.text ?? ''
  return [
    ...(GUID.test(text('Id')) ? [] : [`Id "${text('Id')}" is not a GUID.`]),
    ...(VERSION.test(text('Version')) ? [] : [`Version "${text('Version')}" is not like 1.2.3.0.`]),
  ]
}

function checkResources(all: readonly Found[]): string[] {
  const defined = all
    .filter(({ element }) => RESOURCES.has(element.name))
    .flatMap(({ element }) => element.attributes.id ?? [])
  const used = new Set(all.flatMap(({ element }) => element.attributes.resid ?? []))
  const known = new Set(defined)
  return [
    ...defined.filter((id, at) => defined.indexOf(id) !== at).map((id) => `The resource ${id} is defined twice.`),
    ...[...used].filter((id) => !known.has(id)).map((id) => `The resource ${id} is used and not defined.`),
    ...[...known].filter((id) => !used.has(id)).map((id) => `The resource ${id} is defined and not used.`),
    ...[...known]
      .filter((id) => id.length > RESID_CHARACTERS_MAX)
      .map((id) => `The resource id ${id} has more than ${RESID_CHARACTERS_MAX} characters.`),
  ]
}

/** https everywhere, on this machine too: Excel loads nothing else. */
function checkAddresses({ element, path }: Found): string[] {
  const isAddress = /Url$|^SourceLocation$|^bt:Image$/.test(element.name)
  const given = [
    ...(element.name === 'AppDomain' ? [element.text] : []),
    ...(isAddress ? [element.attributes.DefaultValue ?? []].flat() : []),
    ...(isAddress ? element.children.flatMap((child) => child.attributes.Value ?? []) : []),
  ]
  return given.flatMap((text) => {
    const problems: string[] = []
    if (!URL.canParse(text) || new URL(text).protocol !== 'https:')
      problems.push(`${path.join('/')}: "${text}" is not https.`)
    if (text.length > URL_CHARACTERS_MAX) problems.push(`${path.join('/')}: the address is too long.`)
    return problems
  })
}

function checkLengths({ element, path }: Found): string[] {
  const max = TEXT_CHARACTERS_MAX[element.name === 'bt:String' ? `${path.at(-2)}/${element.name}` : element.name]
  if (max === undefined || element.attributes.resid !== undefined) return []
  const texts = [
    element.attributes.DefaultValue ?? element.text,
    ...element.children.flatMap((child) => child.attributes.Value ?? []),
  ]
  return texts
    .filter((text) => text.length === 0 || text.length > max)
    .map((text) => `${path.join('/')}: "${text}" has ${text.length} characters, 1 to ${max} are allowed.`)
}

function checkIcon({ element, path }: Found): string[] {
  if (element.name !== 'Icon') return []
  const sizes = element.children.map((child) => child.attributes.size ?? '')
  return RIBBON_ICON_SIZES.filter((size) => !sizes.includes(size)).map(
    (size) => `${path.join('/')}: the icon of ${size} pixels is missing.`,
  )
}

/** In a shared runtime the page is one: named by the same resid everywhere, without an id of its own for the pane. */
function checkSharedRuntime(all: readonly Found[]): string[] {
  const pages = all.filter(({ element, path }) => {
    const parent = path.at(-2)
    return (
      element.attributes.resid !== undefined &&
      (element.name === 'Runtime' ||
        element.name === 'FunctionFile' ||
        (element.name === 'SourceLocation' && (parent === 'Page' || parent === 'Action')))
    )
  })
  const resids = new Set(pages.map(({ element }) => element.attributes.resid))
  const runtime = all.find(({ element }) => element.name === 'Runtime')?.element
  const problems: string[] = []
  if (resids.size > 1) problems.push(`The page of the shared runtime has several names: ${[...resids].join(', ')}.`)
  if (runtime && runtime.attributes.lifetime !== 'long') problems.push('The runtime must live long.')
  if (!all.some(({ element }) => element.name === 'Set' && element.attributes.Name === 'SharedRuntime')) {
    problems.push('The requirement set SharedRuntime is missing.')
  }
  if (all.some(({ element }) => element.name === 'TaskpaneId')) {
    problems.push('A TaskpaneId would open a second pane, in a runtime of its own.')
  }
  if (all.some(({ element }) => element.name === 'Namespace')) {
    problems.push('With a Namespace the functions are no longer called =HSCODE().')
  }
  return problems
}
