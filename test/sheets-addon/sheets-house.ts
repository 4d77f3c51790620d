/** The built add-on at a fake Google, with a real proxy behind it. */
import { FailureError } from '../../shared/error-codes.ts'
import { bundleCode, doorVersion, OAUTH_SCOPES } from '../../sheets-addon/build.ts'
import type { DoorReply } from '../../sheets-addon/door-protocol.ts'
import type { Door } from '../../sheets-addon/sidebar/door.ts'
import { createAppsScript, type AppsScript, type AppsScriptOptions } from '../hosts/apps-script/apps-script.ts'
import type { Mode } from '../hosts/apps-script/service.ts'
import type { Spreadsheet, SpreadsheetOptions } from '../hosts/apps-script/spreadsheet-state.ts'
import { fakeProvider, type FakeProvider } from '../hosts/fake-provider.ts'
import { openTestHouse, type TestHouse } from '../hosts/test-house.ts'
import { startTestProxy, type TestProxy } from '../hosts/test-proxy.ts'

/** Who owns the spreadsheets, and connects. */
export const OWNER = 'owner@example.com'
export const EDITOR = 'editor@example.com'

const DOOR = doorVersion()

export interface OpenSheets {
  world: AppsScript
  /** Connected by its owner, formulas enabled. */
  openSheet(options?: Partial<SpreadsheetOptions> & { dailyCapPoints?: number }): Promise<Spreadsheet>
  /** As a cell calls it. */
  formula(spreadsheet: Spreadsheet, fn: string, ...args: unknown[]): Promise<unknown>
  /** As the sidebar of this person calls it. */
  door(user: string, spreadsheet: Spreadsheet, deed: string, given?: unknown, mode?: Mode): Promise<unknown>
}

export interface SheetsHouse extends OpenSheets {
  house: TestHouse
  proxy: TestProxy
  provider: FakeProvider
  /** A connection code of the first workspace. */
  code(): Promise<string>
  close(): Promise<void>
}

export async function openSheetsHouse(
  options: AppsScriptOptions & { points?: number; inquiriesPerCallMax?: number; distFolder?: string } = {},
): Promise<SheetsHouse> {
  const { points = 1000, inquiriesPerCallMax = 500, distFolder, ...given } = options
  const provider = fakeProvider({ timeoutMs: 60_000, inquiriesPerCallMax })
  const house = await openTestHouse({ providers: [provider], points })
  const proxy = await startTestProxy(house, {
    requestsPerMinute: 10_000,
    ...(distFolder === undefined ? {} : { distFolder }),
  })
  const code = async (): Promise<string> => {
    const { workspaceId, seatId } = house.askers[0]
    return (await house.seats.createConnectionCode({ workspaceId, role: 'seat', name: 'sheets' }, seatId)).code
  }
  return {
    house,
    proxy,
    provider,
    code,
    ...(await openSheets({ url: proxy.url, code }, given)),
    async close() {
      await proxy.close()
      await house.close()
    },
  }
}

/** @param proxy any that listens on this machine, with what makes connection codes there. */
export async function openSheets(
  proxy: { url: string; code: () => Promise<string> },
  options: AppsScriptOptions = {},
): Promise<OpenSheets> {
  const world = createAppsScript({
    manifest: { oauthScopes: OAUTH_SCOPES },
    loopbackHttp: true,
    ...options,
  })
  await world.load(await bundleCode(proxy.url))

  const door: SheetsHouse['door'] = (user, spreadsheet, deed, asked = null, mode = 'FULL') =>
    world.execute({ user, spreadsheet, mode, fn: 'paneCall', args: [deed, asked, DOOR] })
  return {
    world,
    door,
    async openSheet({ dailyCapPoints = 500, owner = OWNER, ...rest } = {}) {
      const spreadsheet = world.spreadsheet({ owner, ...rest })
      await door(owner, spreadsheet, 'connect', { code: await proxy.code(), language: 'en' })
      await door(owner, spreadsheet, 'enable', { dailyCapPoints, language: 'en' })
      world.web.sent.length = 0
      return spreadsheet
    },
    formula: (spreadsheet, fn, ...args) =>
      world.execute({ user: EDITOR, spreadsheet, mode: 'CUSTOM_FUNCTION', fn, args }),
  }
}

/** The door as this person's sidebar has it. */
export function doorOf(world: Pick<AppsScript, 'execute'>, user: string, spreadsheet: Spreadsheet): Door {
  return async (deed, given) => {
    const call = { user, spreadsheet, mode: 'FULL', fn: 'paneCall', args: [deed, given, DOOR] } as const
    const reply = (await world.execute(call)) as DoorReply
    if ('failure' in reply) throw new FailureError(reply.failure)
    return JSON.parse(JSON.stringify(reply.value)) as never
  }
}

/** Tokens that lie in the stores of Google, a person's and the spreadsheet's. */
export function keptTokens({ properties }: AppsScript, user: string, spreadsheet: Spreadsheet): string[] {
  const texts = [...properties.user(user).values(), ...properties.document(spreadsheet.id).values()]
  return texts.flatMap((text) => text.match(/tc_[A-Za-z0-9-]+_[\w-]{43}/g) ?? [])
}
