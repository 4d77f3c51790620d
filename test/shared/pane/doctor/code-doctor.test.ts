import { describe, expect, test } from 'vitest'
import { createCodeDoctor, type CodeDoctor, type Finding } from '../../../../shared/pane/doctor/code-doctor.ts'
import { createMemoryHost, type MemoryHost } from '../../../../shared/pane/memory-host.ts'
import type { CellValue } from '../../../../shared/tariff-code.ts'
import { createTariffApi, type TariffApi } from './tariff-api.ts'

const CODES = {
  CA: [
    '610910',
    '010121',
    '0101210000',
    '420221',
    '0409',
    '040900',
    '847141',
    '847140',
    '847149',
    '901110',
    '090111',
    '0302',
  ],
  US: ['6109100012'],
  JP: ['030214000'],
  CN: [],
}

interface Case {
  doctor: CodeDoctor
  host: MemoryHost
  api: TariffApi
  find: (value: CellValue) => Finding
}

async function examine(codes: CellValue[], change?: (host: MemoryHost) => void): Promise<Case> {
  const host = createMemoryHost([{ name: 'S', rows: [['SKU', 'Code'], ...codes.map((code, at) => [`A${at}`, code])] }])
  change?.(host)
  const api = createTariffApi(CODES)
  const doctor = createCodeDoctor({ host, api, language: () => 'en' })
  const refused = await doctor.examine({
    place: { sheet: 'S', row: 1, column: 1, rows: codes.length, columns: 1 },
    name: 'Code (B)',
    country: 'CA',
    endColumn: 2,
    header: { row: 0, text: 'Code', beside: 'Code, repaired' },
  })
  expect(refused).toBeUndefined()
  const find = (value: CellValue): Finding => {
    const finding = doctor.examination.get()?.findings.find((one) => one.value === value)
    if (!finding) throw new Error(`nothing found for ${String(value)}`)
    return finding
  }
  return { doctor, host, api, find }
}

const column = (host: MemoryHost, at: number, rows: number): CellValue[] =>
  Array.from({ length: rows }, (_, row) => host.person.value('S', row + 1, at))

describe('what is found', () => {
  test('a lost zero at the front is proved by the tariff, and by what the tariff does not have', async () => {
    const { find } = await examine([10121])
    expect(find(10121).diagnosis).toEqual({
      kind: 'repair',
      digits: '010121',
      edition: 'T1 (CA)',
      reasons: ['number', 'leading-zero'],
      rival: { digits: '101210', exists: false },
      isSure: true,
    })
  })

  test('text that may have lost a zero at either end is left for a person to tick, and a number is not in doubt', async () => {
    const { doctor, find } = await examine(['90111', 90111])
    expect(find('90111').diagnosis).toMatchObject({ rival: { digits: '901110', exists: true }, isSure: false })
    expect(find(90111).diagnosis).toMatchObject({ digits: '090111', isSure: true })
    expect([...doctor.choice.get().ticked]).toEqual([find(90111).key])
  })

  test('a zero at the end is put back only where no other code begins so, and never unasked', async () => {
    const { doctor, find } = await examine([6109.1, 8471.4])
    expect(find(6109.1).diagnosis).toMatchObject({ kind: 'repair', digits: '610910', isSure: false })
    expect(find(8471.4).diagnosis).toMatchObject({ kind: 'hopeless', error: { code: 'TC-125' } })
    expect(doctor.choice.get().ticked.size).toBe(0)
  })

  test('a short code is said to be short and never made longer', async () => {
    const { doctor, find } = await examine(['0302', 409])
    expect(find('0302').diagnosis).toMatchObject({ kind: 'short', digits: '0302' })
    expect(find(409).diagnosis).toMatchObject({ kind: 'repair', digits: '0409' })
    doctor.choice.set({ ...doctor.choice.get(), unify: true, target: 'beside' })
    await doctor.repair()
    expect(doctor.repaired.get()?.cells).toBe(2)
  })

  test('a whole code of another country is named as such, whatever its length', async () => {
    const { find } = await examine(['6109100012', '030214000'])
    expect(find('6109100012').diagnosis).toMatchObject({ kind: 'elsewhere', countries: ['US'] })
    expect(find('030214000').diagnosis).toMatchObject({ kind: 'elsewhere', countries: ['JP'] })
  })

  test('codes with dots or without are fine, and what stands around or among their digits is not', async () => {
    const { find } = await examine(['4202.21', '420221', ' 4202.21', "4202'21", 'HS 4202.21', '4202 21'])
    expect(['4202.21', '420221'].map((value) => find(value).diagnosis.kind)).toEqual(['fine', 'fine'])
    for (const value of [' 4202.21', "4202'21", 'HS 4202.21', '4202 21']) {
      expect(find(value).diagnosis).toMatchObject({ kind: 'repair', digits: '420221', isSure: true })
    }
  })

  test.each([
    ['6.1E+5', 'hopeless', 'TC-122'],
    ['01.01.21', 'hopeless', 'TC-123'],
    ['#N/A', 'hopeless', 'TC-120'],
    [99999, 'not-found', 'TC-210'],
  ])('%s is %s (%s)', async (value, kind, code) => {
    const { find } = await examine([value])
    expect(find(value).diagnosis).toMatchObject({ kind, error: { code } })
  })

  test('the number behind a date is no code, even where the tariff has one like it', async () => {
    // 2011-12-23 is day 40,900; 0409.00 is honey.
    const { doctor } = await examine([40900], (host) => {
      const place = { sheet: 'S', row: 1, column: 1, rows: 1, columns: 1 }
      void host.restore({ place, formulas: [[40900]], formats: [['yyyy-mm-dd']] }, null)
    })
    const [finding] = doctor.examination.get()!.findings
    expect(finding).toMatchObject({ value: '2011-12-23', diagnosis: { kind: 'hopeless', error: { code: 'TC-123' } } })
  })

  test('each different value is asked about once, 500 questions in a request, and only the house is asked', async () => {
    const many = Array.from({ length: 1200 }, (_, at) => 10121 + (at % 600) * 2)
    const { api, doctor } = await examine([...many, '', '  '])
    expect(doctor.examination.get()).toMatchObject({ cells: 1202, blanks: 2 })
    expect(doctor.examination.get()?.findings).toHaveLength(600)
    expect(Math.max(...api.batches.map((batch) => batch.length))).toBe(500)
    const asked = api.batches.flat().map(({ fn, args }) => JSON.stringify([fn, ...args]))
    expect(new Set(asked).size).toBe(asked.length)
    expect(asked.every((question) => question.includes('provider=embedded'))).toBe(true)
  })

  test('a proxy that cannot answer is said, and no code is called wrong for it', async () => {
    const { doctor, api } = await examine(['420221'])
    api.refuse('TC-508')
    const refused = await doctor.examine({ ...doctor.examination.get()!, country: 'CA' })
    expect(refused).toMatchObject({ error: { code: 'TC-508' } })
    expect(doctor.examination.get()).toBeNull()
  })
})

describe('what is repaired', () => {
  test('ticked cells become text in place, the others stay, and all of it can be undone', async () => {
    const codes: CellValue[] = [10121, '420221', 99999, 10121, '4202 21']
    const { doctor, host } = await examine(codes)
    await doctor.repair()
    expect(column(host, 1, 5)).toEqual(['010121', '420221', 99999, '010121', '420221'])
    expect(host.person.format('S', 1, 1)).toBe('@')
    expect(doctor.repaired.get()).toMatchObject({ cells: 3, changed: 0 })
    await doctor.undo()
    expect(column(host, 1, 5)).toEqual(codes)
    expect(host.person.format('S', 1, 1)).toBe('General')
    expect(doctor.repaired.get()?.undone).toEqual({ restored: 3, changed: 0 })
  })

  test('rows inserted between looking and repairing move the repair with them', async () => {
    const { doctor, host } = await examine([10121, '420221', 610910])
    host.person.insertRows('S', 2, 3)
    await doctor.repair()
    expect(column(host, 1, 6)).toEqual(['010121', null, null, null, '420221', '610910'])
  })

  test('what was typed over meanwhile is neither repaired nor undone', async () => {
    const { doctor, host } = await examine([10121, 610910])
    host.person.type('S', 1, 1, 'mine')
    await doctor.repair()
    expect(column(host, 1, 2)).toEqual(['mine', '610910'])
    host.person.type('S', 2, 1, 'mine too')
    await doctor.undo()
    expect(column(host, 1, 2)).toEqual(['mine', 'mine too'])
    expect(doctor.repaired.get()?.undone).toEqual({ restored: 0, changed: 1 })
  })

  test('rows inserted and deleted since the repair do not lead the way back astray', async () => {
    const { doctor, host } = await examine([10121, '420221', 610910, 10121])
    await doctor.repair()
    host.person.insertRows('S', 3, 2)
    host.person.deleteRows('S', 1, 1)
    await doctor.undo()
    expect(column(host, 1, 5)).toEqual(['420221', null, null, 610910, 10121])
  })

  test('results of formulas are counted and left alone', async () => {
    const { doctor, host } = await examine([10121], (sheet) => {
      sheet.person.type('S', 1, 1, 10121)
      const restored = { sheet: 'S', row: 1, column: 1, rows: 1, columns: 1 }
      const read = sheet.readAsTheyStand.bind(sheet)
      sheet.readAsTheyStand = async (place, options) => {
        const cells = await read(place, options)
        return place.row === restored.row ? { ...cells, formulas: [['=C2*1']] } : cells
      }
    })
    await doctor.repair()
    expect(doctor.repaired.get()).toMatchObject({ cells: 0, formulas: 1 })
    expect(host.person.value('S', 1, 1)).toBe(10121)
  })

  test('a column beside gets the repaired and the fine ones and a name, and takes only empty cells', async () => {
    const { doctor, host } = await examine([10121, '4202.21', 99999], (sheet) => sheet.person.type('S', 2, 2, 'taken'))
    doctor.choice.set({ ...doctor.choice.get(), target: 'beside', style: 'dots' })
    await doctor.repair()
    expect(host.person.value('S', 0, 3)).toBe('Code, repaired')
    expect(column(host, 3, 3)).toEqual(['0101.21', '4202.21', null])
    expect(column(host, 1, 3)).toEqual([10121, '4202.21', 99999])
    await doctor.undo()
    expect([host.person.value('S', 0, 3), ...column(host, 3, 2)]).toEqual([null, null, null])
  })

  test('a protected sheet is said, and nothing was written', async () => {
    const { doctor, host } = await examine([10121])
    host.person.protect('S', true)
    await expect(doctor.repair()).rejects.toThrow()
    expect(doctor.repaired.get()).toBeNull()
    expect(host.person.value('S', 1, 1)).toBe(10121)
    host.person.protect('S', false)
    await doctor.repair()
    expect(host.person.value('S', 1, 1)).toBe('010121')
  })

  test('on a protected sheet codes are repaired where they may be edited, and nothing at all where one of them may not', async () => {
    const codes: CellValue[] = Array.from({ length: 2000 }, () => 10121)
    const { doctor, host } = await examine(codes)
    host.person.unlock({ sheet: 'S', row: 1, column: 1, rows: 1999, columns: 1 })
    host.person.protect('S', true)
    await expect(doctor.repair()).rejects.toThrow(/TC-172/)
    expect(column(host, 1, 2000)).toEqual(codes)
    host.person.unlock({ sheet: 'S', row: 2000, column: 1, rows: 1, columns: 1 })
    await doctor.repair()
    expect(new Set(column(host, 1, 2000))).toEqual(new Set(['010121']))
  })

  test('what was written before a sheet was protected in the middle can be undone', async () => {
    const codes: CellValue[] = Array.from({ length: 2000 }, () => 10121)
    const { doctor, host } = await examine(codes)
    const write = host.write.bind(host)
    host.write = async (block) => {
      const report = await write(block)
      host.person.protect('S', true)
      return report
    }
    await expect(doctor.repair()).rejects.toThrow()
    expect(doctor.repaired.get()).toMatchObject({ cells: 1500 })
    host.person.protect('S', false)
    await doctor.undo()
    expect(column(host, 1, 2000)).toEqual(codes)
  })

  test('stopped in the middle it says so, and what was written can be undone', async () => {
    const { doctor, host } = await examine(Array.from({ length: 2000 }, () => 10121))
    const write = host.write.bind(host)
    host.write = async (block) => {
      doctor.stop()
      return write(block)
    }
    await doctor.repair()
    expect(doctor.repaired.get()).toMatchObject({ cells: 1500, wasStopped: true })
    await doctor.undo()
    expect(doctor.repaired.get()?.undone).toEqual({ restored: 1500, changed: 0 })
  })
})
