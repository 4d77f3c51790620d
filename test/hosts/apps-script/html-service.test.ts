import { describe, expect, test } from 'vitest'
import { openScriptHouse, OWNER, refusal } from './script-house.ts'

const files = { 'sidebar.html': '<p>hello</p>', scripted: '<?= 1 ?>' }

describe('what a person would see', () => {
  test('a sidebar is shown with its title, from a file of the script', async () => {
    const { spreadsheet, run } = openScriptHouse({ files })
    await run(
      'SpreadsheetApp.getUi().showSidebar(HtmlService.createHtmlOutputFromFile("sidebar").setTitle("Tariffcell").setWidth(300))',
    )
    await run(
      'SpreadsheetApp.getUi().showModalDialog(HtmlService.createTemplateFromFile("sidebar").evaluate(), "Help")',
    )
    expect(spreadsheet.screen.pages).toEqual([
      { kind: 'sidebar', html: '<p>hello</p>', title: 'Tariffcell', width: 300, height: null, user: OWNER },
      { kind: 'modal', html: '<p>hello</p>', title: 'Help', width: null, height: null, user: OWNER },
    ])
  })

  test('a file that is not there, and one with scriptlets, are refused', async () => {
    const { run } = openScriptHouse({ files })
    expect(await refusal(run('HtmlService.createHtmlOutputFromFile("gone")'))).toContain('No HTML file named gone')
    expect(await refusal(run('HtmlService.createTemplateFromFile("scripted").evaluate()'))).toContain('scriptlets')
  })

  test('a menu is recorded with the functions behind its items, also where the add-on is not enabled', async () => {
    const { world, spreadsheet } = openScriptHouse()
    await world.load(`
      function onOpen(e) {
        if (e.authMode !== ScriptApp.AuthMode.NONE) throw new Error("another mode")
        var ui = SpreadsheetApp.getUi()
        ui.createAddonMenu().addItem("Open", "open").addSeparator().addSubMenu(ui.createMenu("More").addItem("Help", "help")).addToUi()
      }
      function open() {} function help() {}`)
    await world.execute({ user: OWNER, spreadsheet, mode: 'NONE', fn: 'onOpen', args: [{ authMode: 'NONE' }] })
    expect(spreadsheet.screen.menus).toEqual([
      {
        caption: null,
        user: OWNER,
        items: [
          { caption: 'Open', functionName: 'open', items: [] },
          { caption: '', functionName: '', items: [] },
          { caption: 'More', functionName: '', items: [{ caption: 'Help', functionName: 'help', items: [] }] },
        ],
      },
    ])
  })

  test('a menu item without its function is refused', async () => {
    const { spreadsheet, run } = openScriptHouse()
    const lines = 'SpreadsheetApp.getUi().createAddonMenu().addItem("Open", "opne").addToUi()'
    expect(await refusal(run(lines, { mode: 'NONE' }))).toContain('Script function not found: opne')
    expect(spreadsheet.screen.menus).toEqual([])
  })

  test('a toast and an alert are recorded', async () => {
    const { spreadsheet, run } = openScriptHouse()
    await run(
      'SpreadsheetApp.getActive().toast("Done", "Tariffcell", 5); SpreadsheetApp.getUi().alert("Title", "Text", SpreadsheetApp.getUi().ButtonSet.OK)',
    )
    expect([spreadsheet.screen.toasts, spreadsheet.screen.alerts]).toEqual([['Done'], ['Title\nText\nOK']])
  })
})

describe('utilities', () => {
  test('digests, base64, dates and blobs are those of the language outside', async () => {
    const { run } = openScriptHouse({ users: { [OWNER]: { locale: 'zh-CN' } } })
    const lines = `
      var digest = Utilities.computeDigest(Utilities.DigestAlgorithm.SHA_256, "手机壳", Utilities.Charset.UTF_8)
      return [
        digest.length, Math.min.apply(null, digest) < 0, Utilities.base64EncodeWebSafe(digest), Utilities.base64Encode("手机壳"),
        Utilities.newBlob(Utilities.base64Decode("5omL")).getDataAsString(), Utilities.getUuid().length,
        Utilities.formatDate(new Date(0), "Etc/UTC", "yyyy-MM-dd'T'HH:mm:ss"), Session.getActiveUserLocale(),
      ]`
    expect(await run(lines)).toEqual([
      32,
      true,
      'gkLk4kc8bDqRk87TXhyTSBjM10HS8501-6C_ZgeDKlg=',
      '5omL5py65aOz',
      '手',
      36,
      '1970-01-01T00:00:00',
      'zh-CN',
    ])
  })
})
