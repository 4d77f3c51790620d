/**
 * LibreOffice Calc, where it is installed: opens a sheet of a test's own as a person does who trusts it and lets its links be updated,
 * and says what the cells show. Headless conversion alone updates no link, whatever is trusted, so a macro opens the sheet.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { parse } from 'csv-parse/sync'
import { collect } from './proxy-process.ts'

/** A value as it was typed, or a formula as it stands in an OpenDocument file: `[.B2]` is a cell, `;` parts arguments. */
export type CalcCell = string | number | { formula: string }

const PROGRAM = 'soffice'
// Of a start in a new profile the most; what hangs is ended.
const CALCULATED_WITHIN_MS = 50_000

export function hasLibreOffice(): boolean {
  return (process.env.PATH ?? '').split(delimiter).some((folder) => existsSync(join(folder, PROGRAM)))
}

/** @returns the rows as text, numbers as they are shown. @throws with what it printed when it shows nothing. */
export async function calculate(rows: readonly (readonly CalcCell[])[]): Promise<string[][]> {
  const folder = mkdtempSync(join(tmpdir(), 'tariffcell-libreoffice-'))
  const source = join(folder, 'sheet.fods')
  const target = join(folder, 'sheet.csv')
  try {
    writeFileSync(source, printSheet(rows))
    writeProfile(join(folder, 'profile'), folder)
    const said = await run(folder, source, target)
    if (!existsSync(target)) throw new Error(`LibreOffice wrote nothing: ${said}`)
    return parse(readFileSync(target, 'utf8'))
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 })
  }
}

async function run(folder: string, source: string, target: string): Promise<string> {
  const macro = `macro:///Standard.Golden.Calculate("${pathToFileURL(source).href}","${pathToFileURL(target).href}")`
  const profile = `-env:UserInstallation=${pathToFileURL(join(folder, 'profile')).href}`
  // A group of its own: the program starts another, and both have to end.
  const child = spawn(PROGRAM, [profile, '--headless', '--norestore', macro], {
    detached: true,
    env: { PATH: process.env.PATH, HOME: folder, LC_ALL: 'C.UTF-8' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const { stdout, stderr } = collect(child)
  const timer = setTimeout(() => process.kill(-child.pid!, 'SIGKILL'), CALCULATED_WITHIN_MS)
  await once(child, 'close')
  clearTimeout(timer)
  return stdout() + stderr()
}

function printSheet(rows: readonly (readonly CalcCell[])[]): string {
  const body = rows.map((row) => `<table:table-row>${row.map(printCell).join('')}</table:table-row>`).join('\n')
  return `<?xml version="1.0" encoding="UTF-8"?>
<office:document office:version="1.2" office:mimetype="application/vnd.oasis.opendocument.spreadsheet"
  xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
  xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
  xmlns:of="urn:oasis:names:tc:opendocument:xmlns:of:1.2">
<office:body><office:spreadsheet><table:table table:name="Sheet1">
${body}
</table:table></office:spreadsheet></office:body></office:document>
`
}

function printCell(cell: CalcCell): string {
  if (cell === '') return '<table:table-cell/>'
  if (typeof cell === 'number') return `<table:table-cell office:value-type="float" office:value="${cell}"/>`
  if (typeof cell === 'string') {
    return `<table:table-cell office:value-type="string" office:string-value="${escapeXml(cell)}"/>`
  }
  return `<table:table-cell table:formula="${escapeXml(`of:=${cell.formula}`)}"/>`
}

function escapeXml(text: string): string {
  return text.replaceAll(/[&<>"]/g, (character) => `&#${character.codePointAt(0)};`)
}

// Asked to update links, Calc does so without a person only in files from a trusted place. A profile that is not marked as set up gets
// the preset macros at its first start, in the place of ours.
function writeProfile(profile: string, trusted: string): void {
  const basic = join(profile, 'user', 'basic')
  mkdirSync(join(basic, 'Standard'), { recursive: true })
  writeFileSync(
    join(profile, 'user', 'registrymodifications.xcu'),
    `<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="SecureURL" oor:op="fuse"><value><it>${pathToFileURL(trusted).href}</it></value></prop></item>
<item oor:path="/org.openoffice.Setup/Office"><prop oor:name="ooSetupInstCompleted" oor:op="fuse"><value>true</value></prop></item>
</oor:items>
`,
  )
  writeFileSync(
    join(basic, 'script.xlc'),
    `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE library:libraries PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "libraries.dtd">
<library:libraries xmlns:library="http://openoffice.org/2000/library">
<library:library library:name="Standard" library:link="false"/>
</library:libraries>
`,
  )
  writeFileSync(
    join(basic, 'Standard', 'script.xlb'),
    `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE library:library PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "library.dtd">
<library:library xmlns:library="http://openoffice.org/2000/library" library:name="Standard" library:readonly="false" library:passwordprotected="false">
<library:element library:name="Golden"/>
</library:library>
`,
  )
  writeFileSync(
    join(basic, 'Standard', 'Golden.xba'),
    `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE script:module PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "module.dtd">
<script:module xmlns:script="http://openoffice.org/2000/script" script:name="Golden" script:language="StarBasic">
${escapeXml(MACRO)}</script:module>
`,
  )
}

// Comma, quote, UTF-8.
const MACRO = `Sub Calculate(source As String, target As String)
  Dim opening(1) As New com.sun.star.beans.PropertyValue
  opening(0).Name = "Hidden"
  opening(0).Value = True
  opening(1).Name = "UpdateDocMode"
  opening(1).Value = com.sun.star.document.UpdateDocMode.FULL_UPDATE
  Dim sheet As Object
  sheet = StarDesktop.loadComponentFromURL(source, "_blank", 0, opening())
  Dim saving(1) As New com.sun.star.beans.PropertyValue
  saving(0).Name = "FilterName"
  saving(0).Value = "Text - txt - csv (StarCalc)"
  saving(1).Name = "FilterOptions"
  saving(1).Value = "44,34,76"
  sheet.storeToURL(target, saving())
  sheet.close(False)
  StarDesktop.terminate()
End Sub
`
