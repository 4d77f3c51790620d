import { describe, expect, test } from 'vitest'
import type { Provider } from '../../../proxy/providers/provider.ts'
import { createRegistry, type Registry } from '../../../proxy/providers/registry.ts'
import { readRouting } from '../../../proxy/providers/routing.ts'
import { UPSTREAMS } from '../../../proxy/providers/upstreams.ts'
import { isFailure, sentence } from '../../../shared/error-codes.ts'
import type { Language } from '../../../shared/language.ts'
import { fakeProvider } from '../../hosts/fake-provider.ts'
import { NOTHING_APPROVED } from '../../hosts/test-house.ts'
import { cell, classify } from './contract-cases.ts'

const embedded = fakeProvider({ name: 'embedded', answers: ({ kind }) => kind !== 'lookup' })
const jiayou = fakeProvider({ name: 'jiayou' })
const glopal = fakeProvider({ name: 'glopal' })
const WORKSPACE = 'workspace-1'

function registryOf(
  connected: readonly Provider[],
  { setting = '', fallsBack = false }: { setting?: string; fallsBack?: boolean } = {},
): Registry {
  return createRegistry({
    embedded,
    memory: NOTHING_APPROVED,
    routing: readRouting(setting),
    upstreams: UPSTREAMS,
    connections: {
      of: (workspaceId) => (workspaceId === WORKSPACE ? connected : []),
      fallsBackToEmbedded: () => fallsBack,
      generation: () => 7,
    },
  })
}

const names = (routed: ReturnType<Registry['route']>): unknown =>
  isFailure(routed) ? routed : routed.map(({ name }) => name)

const spoken = (routed: ReturnType<Registry['route']>, language: Language): unknown =>
  isFailure(routed) ? sentence(routed, language) : names(routed)

const inCanada = classify('cotton t-shirt', 'CA')

describe('the chain', () => {
  test('is the connected ones in the order of the routing, whatever order they came in', () => {
    expect(names(registryOf([glopal, jiayou]).route(WORKSPACE, inCanada, null))).toEqual(['jiayou', 'glopal'])
    const turned = registryOf([jiayou, glopal], { setting: 'classify.CA=glopal,jiayou' })
    expect(names(turned.route(WORKSPACE, inCanada, null))).toEqual(['glopal', 'jiayou'])
  })

  test('leaves out whoever cannot answer', () => {
    const silent = fakeProvider({ name: 'jiayou', answers: () => false })
    expect(names(registryOf([silent, glopal]).route(WORKSPACE, inCanada, null))).toEqual(['glopal'])
  })

  test('has the house only where nobody else can answer, or the workspace chose so, or the routing names it', () => {
    expect(names(registryOf([]).route(WORKSPACE, inCanada, null))).toEqual(['embedded'])
    expect(names(registryOf([glopal]).route('workspace-2', inCanada, null))).toEqual(['embedded'])
    const chosen = registryOf([glopal], { fallsBack: true })
    expect(names(chosen.route(WORKSPACE, inCanada, null))).toEqual(['glopal', 'embedded'])
    const first = registryOf([glopal], { setting: 'classify.CA=embedded,glopal', fallsBack: true })
    expect(names(first.route(WORKSPACE, inCanada, null))).toEqual(['embedded', 'glopal'])
  })

  test('asked for by name is that one alone', () => {
    const registry = registryOf([jiayou, glopal], { fallsBack: true })
    expect(names(registry.route(WORKSPACE, inCanada, 'glopal'))).toEqual(['glopal'])
    expect(names(registry.route(WORKSPACE, inCanada, 'embedded'))).toEqual(['embedded'])
  })
})

describe('without anybody who could answer', () => {
  test('the failure names the credential that would help', () => {
    const routed = registryOf([]).route(WORKSPACE, cell('HSTRADE', '610910'), null)
    expect(spoken(routed, 'en')).toBe(
      'TC-225 No connected provider answers HSTRADE. Connect tradewind: npm run admin -- credentials set tradewind',
    )
  })

  test('a name that would serve is the one to connect', () => {
    const routed = registryOf([jiayou]).route(WORKSPACE, inCanada, 'glopal')
    expect(spoken(routed, 'en')).toMatch(/HSCODE for CA\. .*set glopal$/)
    expect(spoken(routed, 'zh')).toMatch(/HSCODE（CA）。请连接 .*set glopal$/)
    expect(spoken(routed, 'fr')).toMatch(/HSCODE pour CA\. Connectez .*set glopal$/)
  })

  test('a name that could not serve is advised against', () => {
    const routed = registryOf([jiayou]).route(WORKSPACE, inCanada, 'tradewind')
    expect(spoken(routed, 'en')).toMatch(/Leave provider= out/)
  })
})

test('another generation of connections is another of the registry', () => {
  expect(registryOf([]).generation()).toBe(7)
})
