import { describe, expect, test } from 'vitest'
import type { Provider } from '../../../proxy/providers/provider.ts'
import { createRegistry, type Registry } from '../../../proxy/providers/registry.ts'
import { readRouting } from '../../../proxy/providers/routing.ts'
import { UPSTREAMS } from '../../../proxy/providers/upstreams.ts'
import { failure, isFailure } from '../../../shared/error-codes.ts'
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
    expect(routed).toEqual(
      failure('no-provider', {
        fn: 'HSTRADE',
        country: 'any country',
        advice: 'Connect tradewind: npm run admin -- credentials set tradewind',
      }),
    )
  })

  test('a name that would serve is the one to connect', () => {
    const routed = registryOf([jiayou]).route(WORKSPACE, inCanada, 'glopal')
    expect(routed).toMatchObject({
      details: { fn: 'HSCODE', country: 'CA', advice: expect.stringContaining('set glopal') },
    })
  })

  test('a name that could not serve is advised against', () => {
    const routed = registryOf([jiayou]).route(WORKSPACE, inCanada, 'tradewind')
    expect(routed).toMatchObject({ details: { advice: expect.stringMatching(/^Leave provider= out/) } })
  })
})

test('another generation of connections is another of the registry', () => {
  expect(registryOf([]).generation()).toBe(7)
})
