/** HtmlService, and the menus and sidebars of `SpreadsheetApp.getUi()`: what a person would see is recorded. */
import { asText, asWhole, ScriptException, ServiceObject, type Execution, type Value } from './service.ts'

export interface ShownPage {
  kind: 'sidebar' | 'modal' | 'modeless'
  html: string
  title: string
  width: number | null
  height: number | null
  user: string
}

export interface MenuItem {
  caption: string
  /** '' for a line between items. */
  functionName: string
  /** Of a submenu. */
  items: MenuItem[]
}

export interface ShownMenu {
  /** null: the add-on's own menu. */
  caption: string | null
  items: MenuItem[]
  user: string
}

/** What the add-on has put on somebody's screen, oldest first. */
export interface Screen {
  pages: ShownPage[]
  menus: ShownMenu[]
  alerts: string[]
  toasts: string[]
}

export function createScreen(): Screen {
  return { pages: [], menus: [], alerts: [], toasts: [] }
}

interface Page {
  html: string
  title: string
  width: number | null
  height: number | null
}
const pages = new WeakMap<ServiceObject, Page>()
const menus = new WeakMap<ServiceObject, { caption: string | null; items: MenuItem[] }>()

/** @param files HTML files of the script, by name without `.html`. */
export function htmlService(files: ReadonlyMap<string, string>): ServiceObject {
  const read = (name: Value): string => {
    const html = files.get(asText(name).replace(/\.html$/, ''))
    if (html === undefined) throw new ScriptException(`No HTML file named ${asText(name)} was found.`)
    return html
  }
  const reads = {
    createHtmlOutput: (html: Value = '') => htmlOutput(asText(html)),
    createHtmlOutputFromFile: (name: Value) => htmlOutput(read(name)),
    createTemplate: (html: Value) => htmlTemplate(asText(html)),
    createTemplateFromFile: (name: Value) => htmlTemplate(read(name)),
  }
  const constants = { XFrameOptionsMode: { DEFAULT: 'DEFAULT', ALLOWALL: 'ALLOWALL' } }
  return new ServiceObject('HtmlService', 'free', { reads, constants })
}

function htmlOutput(html: string): ServiceObject {
  const page: Page = { html, title: '', width: null, height: null }
  const set = (change: Partial<Page>): ServiceObject => {
    Object.assign(page, change)
    return object
  }
  const object: ServiceObject = new ServiceObject('HtmlOutput', 'free', {
    reads: {
      getContent: () => page.html,
      getTitle: () => page.title,
      getWidth: () => page.width,
      getHeight: () => page.height,
      setContent: (content) => set({ html: asText(content) }),
      append: (content) => set({ html: page.html + asText(content) }),
      setTitle: (title) => set({ title: asText(title) }),
      setWidth: (width) => set({ width: asWhole(width) }),
      setHeight: (height) => set({ height: asWhole(height) }),
      addMetaTag: () => object,
      setXFrameOptionsMode: () => object,
    },
  })
  pages.set(object, page)
  return object
}

/** Values that a script sets on a template stay in the script's context; a file with scriptlets is refused rather than shown wrongly. */
function htmlTemplate(html: string): ServiceObject {
  const reads = {
    getRawContent: () => html,
    evaluate() {
      if (html.includes('<?')) throw new ScriptException('These fakes evaluate no scriptlets.')
      return htmlOutput(html)
    },
  }
  return new ServiceObject('HtmlTemplate', 'free', { reads })
}

/** @param functions top-level functions of the script: a menu item points at one of them. */
export function ui(screen: Screen, functions: ReadonlySet<string>, { user }: Execution): ServiceObject {
  const show = (kind: ShownPage['kind'], shown: Value, title: string | null): void => {
    const page = shown instanceof ServiceObject ? pages.get(shown) : undefined
    if (!page) throw new ScriptException('Argument cannot be null: userInterface')
    screen.pages.push({ ...page, kind, title: title ?? page.title, user })
  }
  const open = (caption: string | null) => {
    const menu = { caption, items: [] }
    return menuObject(menu, () => screen.menus.push({ ...structuredClone(menu), user }), functions)
  }
  return new ServiceObject('Ui', 'menu', {
    reads: {
      createMenu: (caption) => open(asText(caption)),
      createAddonMenu: () => open(null),
      alert(...texts) {
        screen.alerts.push(texts.map(asText).join('\n'))
        return 'OK'
      },
      showSidebar: (page) => show('sidebar', page, null),
      showModalDialog: (page, title) => show('modal', page, asText(title)),
      showModelessDialog: (page, title) => show('modeless', page, asText(title)),
    },
    constants: {
      ButtonSet: { OK: 'OK', OK_CANCEL: 'OK_CANCEL', YES_NO: 'YES_NO' },
      Button: { OK: 'OK', CANCEL: 'CANCEL' },
    },
    elsewhere: {
      alert: 'sidebar',
      showSidebar: 'sidebar',
      showModalDialog: 'sidebar',
      showModelessDialog: 'sidebar',
    },
  })
}

function menuObject(
  menu: { caption: string | null; items: MenuItem[] },
  addToUi: () => void,
  functions: ReadonlySet<string>,
): ServiceObject {
  const add = (caption: string, functionName: string, items: MenuItem[] = []): ServiceObject => {
    menu.items.push({ caption, functionName, items })
    return object
  }
  const object: ServiceObject = new ServiceObject('Menu', 'menu', {
    reads: {
      addItem(caption, functionName) {
        const name = asText(functionName)
        // In Sheets it is found out only when somebody clicks.
        if (!functions.has(name)) throw new ScriptException(`Script function not found: ${name}`)
        return add(asText(caption), name)
      },
      addSeparator: () => add('', ''),
      addSubMenu(submenu) {
        const held = submenu instanceof ServiceObject ? menus.get(submenu) : undefined
        if (!held) throw new ScriptException('Argument cannot be null: menu')
        return add(held.caption ?? '', '', held.items)
      },
      addToUi,
    },
  })
  menus.set(object, menu)
  return object
}
