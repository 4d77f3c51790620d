/**
 * The file that Excel installs the add-in from: the XML add-in-only manifest, because perpetual Excel reads no other. The elements
 * stand in the order of Microsoft's schema, which refuses every other; check-manifest.ts knows the same rules and finds what broke.
 */
import type { Language } from '../shared/language.ts'

export interface ManifestConfig {
  /** Where the proxy is reached: https, without a slash at the end. */
  url: string
  /** Of the product, `1.2.3`. Administrators' consoles take a changed manifest only with a higher one. */
  version: string
  /** Changes with functions.js and functions.json, so that Excel's cache of a day never mixes two of them. */
  filesVersion: string
}

/** Never changes: by it Excel knows that a newer manifest is of the same add-in. */
export const MANIFEST_ID = '5d1c8f4e-7a3b-4c58-9b0e-2f6a41d7c9e3'
/** Base, high resolution, ribbon at its scales; 128 for stores and lists. */
export const ICON_SIZES = [16, 32, 64, 80, 128] as const
const RIBBON_ICON_SIZES = [16, 32, 80] as const

const DEFAULT_LOCALE = 'en-US'
const LOCALES: readonly [locale: string, language: Language][] = [
  ['zh-CN', 'zh'],
  ['fr-CA', 'fr'],
  ['fr-FR', 'fr'],
]

type Words = Readonly<Record<Language, string>>

const NAME = 'Tariffcell'
const SAME_NAME: Words = { en: NAME, zh: NAME, fr: NAME }
const DESCRIPTION: Words = {
  en: 'HS codes and duty rates in cells: =HSCODE(A2) turns a product description into a tariff code, =HSRATE(B2,"CA") a code into a duty rate.',
  zh: '在单元格中获取 HS 编码和关税税率：=HSCODE(A2) 将商品描述转换为税则编码，=HSRATE(B2,"CA") 由编码得出税率。',
  fr: 'Codes SH et taux de droit dans les cellules : =HSCODE(A2) donne le code d’une description, =HSRATE(B2,"CA") le taux d’un code.',
}
const BUTTON: Words = { en: 'Tariffcell', zh: 'Tariffcell', fr: 'Tariffcell' }
const BUTTON_TIP: Words = {
  en: 'Opens the pane: connect, classify whole columns, review codes, see the points left.',
  zh: '打开窗格：连接、整列归类、复核编码、查看剩余点数。',
  fr: 'Ouvre le volet : connexion, colonnes entières à classer, codes à réviser, points restants.',
}
const START_TITLE: Words = { en: 'Tariffcell is ready', zh: 'Tariffcell 已就绪', fr: 'Tariffcell est prêt' }
const START_TEXT: Words = {
  en: 'Open the pane with the Tariffcell button on the Home tab and connect once. Then type =HSCODE(A2) in a cell.',
  zh: '在“开始”选项卡点击 Tariffcell 按钮打开窗格并连接一次，然后在单元格中输入 =HSCODE(A2)。',
  fr: 'Ouvrez le volet par le bouton Tariffcell de l’onglet Accueil et connectez-vous une fois. Puis tapez =HSCODE(A2).',
}

export function printManifest({ url, version, filesVersion }: ManifestConfig): string {
  const at = (path: string): string => `${url}/excel/${path}`
  // The page of the shared runtime: Excel takes it for one runtime only where every mention is this one resid.
  const pane = 'Pane.Url'
  const ribbonIcon = RIBBON_ICON_SIZES.map((size) => `<bt:Image size="${size}" resid="Icon.${size}"/>`).join('')
  return `<?xml version="1.0" encoding="UTF-8"?>
<OfficeApp xmlns="http://schemas.microsoft.com/office/appforoffice/1.1" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:bt="http://schemas.microsoft.com/office/officeappbasictypes/1.0" xmlns:ov="http://schemas.microsoft.com/office/taskpaneappversionoverrides" xsi:type="TaskPaneApp">
  <Id>${MANIFEST_ID}</Id>
  <Version>${version}.0</Version>
  <ProviderName>${NAME}</ProviderName>
  <DefaultLocale>${DEFAULT_LOCALE}</DefaultLocale>
  <DisplayName DefaultValue="${NAME}"/>
  ${localised('Description', DESCRIPTION, 'Override')}
  <IconUrl DefaultValue="${quote(at('icons/32.png'))}"/>
  <HighResolutionIconUrl DefaultValue="${quote(at('icons/64.png'))}"/>
  <SupportUrl DefaultValue="${quote(`${url}/`)}"/>
  <AppDomains>
    <AppDomain>${quote(new URL(url).origin)}</AppDomain>
  </AppDomains>
  <Hosts>
    <Host Name="Workbook"/>
  </Hosts>
  <Requirements>
    <Sets DefaultMinVersion="1.1">
      <Set Name="SharedRuntime" MinVersion="1.1"/>
    </Sets>
  </Requirements>
  <DefaultSettings>
    <SourceLocation DefaultValue="${quote(at('pane.html'))}"/>
  </DefaultSettings>
  <Permissions>ReadWriteDocument</Permissions>
  <VersionOverrides xmlns="http://schemas.microsoft.com/office/taskpaneappversionoverrides" xsi:type="VersionOverridesV1_0">
    <Hosts>
      <Host xsi:type="Workbook">
        <Runtimes>
          <Runtime resid="${pane}" lifetime="long"/>
        </Runtimes>
        <AllFormFactors>
          <ExtensionPoint xsi:type="CustomFunctions">
            <Script><SourceLocation resid="Functions.Script.Url"/></Script>
            <Page><SourceLocation resid="${pane}"/></Page>
            <Metadata><SourceLocation resid="Functions.Metadata.Url"/></Metadata>
          </ExtensionPoint>
        </AllFormFactors>
        <DesktopFormFactor>
          <GetStarted>
            <Title resid="Start.Title"/>
            <Description resid="Start.Text"/>
            <LearnMoreUrl resid="Learn.Url"/>
          </GetStarted>
          <FunctionFile resid="${pane}"/>
          <ExtensionPoint xsi:type="PrimaryCommandSurface">
            <OfficeTab id="TabHome">
              <Group id="Tariffcell.Group">
                <Label resid="Group.Label"/>
                <Icon>${ribbonIcon}</Icon>
                <Control xsi:type="Button" id="Tariffcell.ShowPane">
                  <Label resid="Button.Label"/>
                  <Supertip>
                    <Title resid="Button.Label"/>
                    <Description resid="Button.Tip"/>
                  </Supertip>
                  <Icon>${ribbonIcon}</Icon>
                  <Action xsi:type="ShowTaskpane">
                    <SourceLocation resid="${pane}"/>
                  </Action>
                </Control>
              </Group>
            </OfficeTab>
          </ExtensionPoint>
        </DesktopFormFactor>
      </Host>
    </Hosts>
    <Resources>
      <bt:Images>
        ${RIBBON_ICON_SIZES.map((size) => value('bt:Image', `Icon.${size}`, at(`icons/${size}.png`))).join('\n        ')}
      </bt:Images>
      <bt:Urls>
        ${value('bt:Url', pane, at('pane.html'))}
        ${value('bt:Url', 'Functions.Script.Url', at(`functions.js?v=${filesVersion}`))}
        ${value('bt:Url', 'Functions.Metadata.Url', at(`functions.json?v=${filesVersion}`))}
        ${value('bt:Url', 'Learn.Url', `${url}/`)}
      </bt:Urls>
      <bt:ShortStrings>
        ${string('Group.Label', SAME_NAME)}
        ${string('Button.Label', BUTTON)}
        ${string('Start.Title', START_TITLE)}
      </bt:ShortStrings>
      <bt:LongStrings>
        ${string('Button.Tip', BUTTON_TIP)}
        ${string('Start.Text', START_TEXT)}
      </bt:LongStrings>
    </Resources>
  </VersionOverrides>
</OfficeApp>
`
}

function value(element: string, id: string, text: string): string {
  return `<${element} id="${id}" DefaultValue="${quote(text)}"/>`
}

function string(id: string, words: Words): string {
  return localised(`bt:String id="${id}"`, words, 'bt:Override')
}

/** @param element the element's name, with its attributes. */
function localised(element: string, words: Words, override: 'Override' | 'bt:Override'): string {
  const others = LOCALES.filter(([, language]) => words[language] !== words.en)
  const opened = `<${element} DefaultValue="${quote(words.en)}"`
  if (others.length === 0) return `${opened}/>`
  const overrides = others.map(
    ([locale, language]) => `<${override} Locale="${locale}" Value="${quote(words[language])}"/>`,
  )
  return `${opened}>${overrides.join('')}</${element.split(' ', 1)[0]}>`
}

function quote(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}
