/** /v1/consultations: the expert desk. Every query carries the workspace of the token. */
import type { Request, Response } from 'express'
import * as z from 'zod/mini'
import { consultationRequest, messageRequest } from '../../shared/desk-protocol.ts'
import { isFailure, type Failure } from '../../shared/error-codes.ts'
import { noQuery } from '../../shared/list-query.ts'
import { seatIn } from '../auth/authenticate.ts'
import type { Consultations } from '../consultations/consultations.ts'
import { languageOf, sendFailure } from '../errors.ts'
import { badRequest } from './bad-request.ts'
import { readQuery } from './read-query.ts'

/** GET → {consultations}. */
export function listConsultationsRoute(consultations: Consultations) {
  return async (request: Request, response: Response): Promise<void> => {
    const query = readQuery(noQuery, request)
    if (isFailure(query)) return reply(request, response, query)
    const listed = await consultations.list(seatIn(response).workspaceId)
    reply(request, response, isFailure(listed) ? listed : { consultations: listed })
  }
}

/** GET /:form → the consultation with its dialogs and conclusion. */
export function readConsultationRoute(consultations: Consultations) {
  return async (request: Request, response: Response): Promise<void> => {
    reply(request, response, await consultations.read(seatIn(response).workspaceId, formOf(request)))
  }
}

/** POST → 201 {form, imageUrls}. Without `confirm: true` nothing is sent. */
export function createConsultationRoute(consultations: Consultations) {
  return async (request: Request, response: Response): Promise<void> => {
    const body = z.safeParse(consultationRequest, request.body)
    if (!body.success) return reply(request, response, badRequest(body.error, request.body))
    const { requestId, confirm, images = [], productNameCn, ...rest } = body.data
    const seat = seatIn(response)
    const made = await consultations.create(
      { workspaceId: seat.workspaceId, seatId: seat.id },
      { requestId, confirm: confirm ?? false },
      {
        productNameCn,
        ...withoutUndefined(rest),
        images: images.map(({ fileName, data }) => ({ fileName, bytes: fromBase64(data) })),
      },
    )
    reply(request, response, made, 201)
  }
}

/** POST /:form/messages → 201 {dialog}. */
export function writeMessageRoute(consultations: Consultations) {
  return async (request: Request, response: Response): Promise<void> => {
    const body = z.safeParse(messageRequest, request.body)
    if (!body.success) return reply(request, response, badRequest(body.error, request.body))
    const { confirm, dialog, field, text } = body.data
    const written = await consultations.write(seatIn(response).workspaceId, {
      form: formOf(request),
      field,
      text,
      ...(dialog === undefined ? {} : { dialog }),
      confirm: confirm ?? false,
    })
    reply(request, response, written, 201)
  }
}

/** Base64 with or without a data-URL header. */
export function fromBase64(data: string): Uint8Array {
  return Buffer.from(data.replace(/^data:[\w/+.-]{0,60};base64,/, ''), 'base64')
}

function reply(request: Request, response: Response, result: object | Failure, status = 200): void {
  response.setHeader('Cache-Control', 'no-store')
  if (isFailure(result)) sendFailure(response, result, languageOf(request))
  else response.status(status).json(result)
}

function formOf(request: Request): string {
  const { form } = request.params
  return typeof form === 'string' && /^[\w-]{4,64}$/.test(form) ? form : 'unknown'
}

type Defined<Given> = { [Key in keyof Given]: Exclude<Given[Key], undefined> }

function withoutUndefined<Given extends object>(given: Given): Defined<Given> {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as Defined<Given>
}
