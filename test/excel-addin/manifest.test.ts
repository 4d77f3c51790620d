import { describe, expect, it } from 'vitest'
import { checkManifest } from '../../excel-addin/check-manifest.ts'
import { MANIFEST_ID, printManifest } from '../../excel-addin/manifest.ts'
import { readXml, type Element } from '../../excel-addin/read-xml.ts'

const config = { url: 'https://hs.example.com/tariffcell', version: '0.1.0', filesVersion: 'ab12cd34ef' }
const good = printManifest(config)

function textsOf(element: Element): string[] {
  return [...Object.values(element.attributes), element.text, ...element.children.flatMap(textsOf)]
}

describe('the manifest', () => {
  it('has nothing that Excel would refuse', () => {
    expect(checkManifest(good)).toEqual([])
    expect(checkManifest(printManifest({ ...config, url: 'https://localhost:3000' }))).toEqual([])
  })

  it('names every file of the proxy under its address, the functions by their version', () => {
    const addresses = [...new Set(textsOf(readXml(good)!).filter((text) => text.startsWith('https:')))]
    expect(addresses.sort()).toEqual([
      'https://hs.example.com',
      'https://hs.example.com/tariffcell/',
      'https://hs.example.com/tariffcell/excel/functions.js?v=ab12cd34ef',
      'https://hs.example.com/tariffcell/excel/functions.json?v=ab12cd34ef',
      ...['16', '32', '64', '80'].map((size) => `https://hs.example.com/tariffcell/excel/icons/${size}.png`),
      'https://hs.example.com/tariffcell/excel/pane.html',
    ])
  })

  it('stays the same add-in, whatever its version and address', () => {
    const other = printManifest({ url: 'https://other.example', version: '3.0.0', filesVersion: 'x' })
    for (const xml of [good, other]) expect(xml).toContain(`<Id>${MANIFEST_ID}</Id>`)
    expect(MANIFEST_ID).toBe('5d1c8f4e-7a3b-4c58-9b0e-2f6a41d7c9e3')
  })

  it('speaks Chinese and French, and the names of functions in every language', () => {
    for (const locale of ['zh-CN', 'fr-CA']) expect(good.split(`Locale="${locale}"`).length).toBeGreaterThan(3)
    const told = textsOf(readXml(good)!).filter((text) => text.includes('HSCODE'))
    expect(told.length).toBeGreaterThanOrEqual(6)
  })

  it('writes characters of an address that mean something in XML so that they come out again', () => {
    const xml = printManifest({ ...config, url: "https://hs.example.com/a&b<c>'d" })
    expect(textsOf(readXml(xml)!)).toContain("https://hs.example.com/a&b<c>'d/excel/pane.html")
  })
})

describe('the checker finds', () => {
  const swap = (from: string | RegExp, to: string): string => {
    const changed = good.replace(from, to)
    expect(changed).not.toBe(good)
    return changed
  }
  it.each<[string, () => string, RegExp]>([
    ['elements out of order', () => swap(/(<IconUrl.*\n)(\s*<High.*\n)/, '$2$1'), /IconUrl must stand before HighRes/],
    [
      'runtimes that do not come first',
      () => swap(/(<Runtimes>[\s\S]*<\/Runtimes>)([\s\S]*<\/AllFormFactors>)/, '$2$1'),
      /Runtimes must stand before AllFormFactors/,
    ],
    ['an element that is missing', () => swap(/<SupportUrl.*\n/, ''), /SupportUrl is missing/],
    [
      'an element of another place',
      () => swap('<Supertip>', '<Superstition/><Supertip>'),
      /Superstition does not belong/,
    ],
    [
      'a resource that is not defined',
      () => swap('resid="Button.Tip"', 'resid="Button.Tipp"'),
      /Button\.Tipp is used and not defined/,
    ],
    [
      'a resource that is not used',
      () => swap('resid="Button.Tip"', 'resid="Start.Text"'),
      /Button\.Tip is defined and not used/,
    ],
    [
      'a resource that is defined twice',
      () => swap('<bt:Url id="Learn.Url"', '<bt:Url id="Icon.16"'),
      /Icon\.16 is defined twice/,
    ],
    ['a resource id that is too long', () => good.replaceAll('Start.Text', 'Start.Text'.repeat(4)), /more than 32/],
    [
      'plain http, on this machine too',
      () => good.replaceAll('https://hs.example.com', 'http://localhost'),
      /is not https/,
    ],
    ['what is no address', () => swap('<AppDomain>https:', '<AppDomain>'), /is not https/],
    [
      'a text that is too long',
      () => swap('DefaultValue="Tariffcell is ready"', `DefaultValue="${'x'.repeat(126)}"`),
      /126 characters, 1 to 125/,
    ],
    [
      'a translation that is too long',
      () => swap(/Locale="fr-CA" Value="Ouvre le/, `Locale="fr-CA" Value="${'x'.repeat(251)}`),
      /1 to 250/,
    ],
    ['an icon that is missing', () => swap('<bt:Image size="32" resid="Icon.32"/>', ''), /icon of 32 pixels/],
    [
      'a pane with an id of its own',
      () => swap('<Action xsi:type="ShowTaskpane">', '<Action xsi:type="ShowTaskpane"><TaskpaneId>a</TaskpaneId>'),
      /second pane/,
    ],
    [
      'a namespace',
      () => swap('</Metadata>', '</Metadata><Namespace resid="Group.Label"/>'),
      /no longer called =HSCODE/,
    ],
    [
      'a second page',
      () => swap('<FunctionFile resid="Pane.Url"/>', '<FunctionFile resid="Learn.Url"/>'),
      /several names/,
    ],
    ['a runtime that ends with the pane', () => swap('lifetime="long"', 'lifetime="short"'), /live long/],
    ['a missing requirement', () => swap('Name="SharedRuntime"', 'Name="ExcelApi"'), /SharedRuntime is missing/],
    ['an id that is none', () => swap(MANIFEST_ID, 'tariffcell'), /not a GUID/],
    ['a version that is none', () => swap('<Version>0.1.0.0', '<Version>next'), /not like 1\.2\.3\.0/],
    ['what is not XML', () => good.slice(0, -20), /not a well-formed/],
    ['another kind of file', () => '<html></html>', /OfficeApp as its root/],
  ])('%s', (_, broken, problem) => {
    expect(checkManifest(broken()).join('\n')).toMatch(problem)
  })
})
