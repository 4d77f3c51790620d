import { describe, expect, test } from 'vitest'
import { orderFor, readRouting } from '../../../proxy/providers/routing.ts'
import { failure, FailureError } from '../../../shared/error-codes.ts'

describe('the order without a setting', () => {
  const usual = readRouting('')

  test('asks for national lines before six digits', () => {
    expect(orderFor(usual, 'classify', 'CA')).toEqual(['jiayou', 'glopal'])
    for (const country of ['CN', 'JP', 'US']) expect(orderFor(usual, 'classify', country)).toEqual(['hsciq', 'glopal'])
    expect(orderFor(usual, 'classify', 'FR')).toEqual(['glopal'])
  })

  test('asks the tariffs in the house for rates, whatever the country', () => {
    expect(orderFor(usual, 'tariff', 'CN')).toEqual(['embedded'])
    expect(orderFor(usual, 'tariff', null)).toEqual(['embedded'])
  })

  test('asks reference works, trade data and pictures in turn', () => {
    expect(orderFor(usual, 'lookup', null)).toEqual(['hsciq', 'tradewind', 'juhe'])
  })
})

describe('the setting ROUTING', () => {
  test('changes what it names and leaves the rest', () => {
    const routing = readRouting(' classify.CA = glopal , jiayou ; tariff.CN=hsciq,embedded; lookup.*=juhe; ')
    expect(orderFor(routing, 'classify', 'CA')).toEqual(['glopal', 'jiayou'])
    expect(orderFor(routing, 'tariff', 'CN')).toEqual(['hsciq', 'embedded'])
    expect(orderFor(routing, 'tariff', 'US')).toEqual(['embedded'])
    expect(orderFor(routing, 'lookup', 'CN')).toEqual(['juhe'])
    expect(orderFor(routing, 'classify', 'US')).toEqual(['hsciq', 'glopal'])
  })

  test('without anything in it changes nothing', () => {
    expect(readRouting(' ;; ')).toEqual(readRouting(''))
  })

  test.each([
    ['classify', '"classify" is not a place'],
    ['classify=glopal', '"classify" is not a place'],
    ['=glopal', '"" is not a place'],
    ['classify.=glopal', '"classify." is not a place'],
    ['.CA=glopal', '".CA" is not a place'],
    ['classify.ca=glopal', '"classify.ca" is not a place'],
    ['classify.CAN=glopal', '"classify.CAN" is not a place'],
    ['classify.CA.x=glopal', '"classify.CA.x" is not a place'],
    ['Classify.CA=glopal', '"Classify.CA" is not a place'],
    ['rates.CA=glopal', '"rates.CA" is not a place'],
    ['toString.CA=glopal', '"toString.CA" is not a place'],
    ['classify.CA', '"" is not one of'],
    ['classify.CA=', '"" is not one of'],
    ['classify.CA=glopal,', '"" is not one of'],
    ['classify.CA=Glopal', '"Glopal" is not one of'],
    ['classify.CA=nobody', '"nobody" is not one of jiayou, hsciq, glopal, tradewind, juhe, embedded'],
    ['classify.CA=glopal,classify.US=hsciq', 'has more than one ='],
    ['classify.CA=glopal=jiayou', 'has more than one ='],
    ['classify.CA=glopal,glopal', '"glopal" stands twice in classify.CA'],
    ['classify.CA=glopal;classify.CA=jiayou', '"classify.CA" stands twice'],
    ['lookup.*=juhe;classify.CA', '"" is not one of'],
  ])('%j is refused with what is wrong in it', (setting, detail) => {
    let refused: unknown
    try {
      readRouting(setting)
    } catch (error) {
      refused = error
    }
    expect(refused).toBeInstanceOf(FailureError)
    const { failure: told } = refused as FailureError
    expect(told).toEqual(failure('bad-setting', { name: 'ROUTING', detail: expect.stringContaining(detail) as string }))
  })
})
