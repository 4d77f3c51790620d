/** The limit on voucher guesses by address, of addresses that no test host has. */
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import express, { type RequestHandler } from 'express'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createDrain } from '../../../proxy/routes/drain.ts'
import { rechargeRouter, type RechargeRouteDeps } from '../../../proxy/routes/recharge.ts'
import { failure } from '../../../shared/error-codes.ts'

const GUESSES_MAX = 60

let server: Server
beforeEach(async () => {
  const app = express()
  app.use(rechargeRouter(UNKNOWN_TO_ALL, { seat: takenAtItsWord, person: (_request, _response, next) => next() }))
  server = createServer(app)
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
})
afterEach(async () => {
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
})

const unused = (): never => {
  throw new Error('not asked for here')
}
const UNKNOWN_TO_ALL: RechargeRouteDeps = {
  vouchers: { redeem: async (typed) => failure(typed === 'mistyped' ? 'voucher-mistyped' : 'voucher-unknown') },
  recharges: { open: unused, list: unused, read: unused, readAsPayer: unused, receive: unused, services: [] },
  ledger: { balance: unused },
  drain: createDrain(),
}

/** Address and workspace as the test's own headers say. */
const takenAtItsWord: RequestHandler = (request, response, next) => {
  Object.defineProperty(request.socket, 'remoteAddress', { value: request.headers.from, configurable: true })
  response.locals.seat = { id: 'seat', workspaceId: request.headers.workspace }
  next()
}

async function guess(address: string, workspace: string, code = 'unknown'): Promise<number> {
  const { port } = server.address() as AddressInfo
  const response = await fetch(`http://127.0.0.1:${port}/points/redeem`, {
    method: 'POST',
    body: JSON.stringify({ code }),
    headers: { 'Content-Type': 'application/json', From: address, Workspace: workspace },
  })
  await response.arrayBuffer()
  return response.status
}

test('guesses from one IPv6 network are counted together, whatever address and workspace they name', async () => {
  for (let at = 0; at < GUESSES_MAX; at++) {
    expect(await guess(`2001:db8:0:1::${at.toString(16)}`, `workspace ${at % 6}`)).toBe(404)
  }
  expect(await guess('2001:db8:0:1:ffff::1', 'another')).toBe(429)
  expect(await guess('2001:db8:0:2::1', 'another')).toBe(404)
})

test('an IPv4 address is the same in both of its spellings', async () => {
  for (let at = 0; at < GUESSES_MAX; at++) {
    expect(await guess(at % 2 === 0 ? '203.0.113.7' : '::ffff:203.0.113.7', `workspace ${at % 6}`)).toBe(404)
  }
  expect(await guess('203.0.113.7', 'another')).toBe(429)
  expect(await guess('203.0.113.8', 'another')).toBe(404)
})

test('a typing error uses up nothing', async () => {
  for (let at = 0; at < GUESSES_MAX; at++) await guess('203.0.113.7', `workspace ${at % 6}`, 'mistyped')
  expect(await guess('203.0.113.7', 'workspace 0')).toBe(404)
})
