/** POST /v1/images: what a picture shows, from its bytes or its address. Costs what HSIMAGE costs. */
import type { Request, Response } from 'express'
import * as z from 'zod/mini'
import { imagesRequest, PICTURE_BYTES_MAX } from '../../shared/desk-protocol.ts'
import { failure } from '../../shared/error-codes.ts'
import type { Answer } from '../../shared/protocol.ts'
import { answerBatch, type AnswerDeps } from '../answer/answer-batch.ts'
import { answerPicture } from '../answer/answer-picture.ts'
import { seatIn } from '../auth/authenticate.ts'
import { languageOf, sendFailure } from '../errors.ts'
import { askerOf } from './answers.ts'
import { firstIssue } from './bad-request.ts'
import { fromBase64 } from './consultations.ts'

export function imagesRoute(answer: AnswerDeps) {
  return async (request: Request, response: Response): Promise<void> => {
    const body = z.safeParse(imagesRequest, request.body)
    const given = body.success ? [body.data.url, body.data.image].filter((one) => one !== undefined).length : 0
    if (!body.success || given !== 1) {
      const detail = body.success ? 'give either url or image' : firstIssue(body.error, request.body)
      sendFailure(response, failure('bad-request', { detail }), languageOf(request))
      return
    }
    const { url, image, n, lang } = body.data
    const language = lang ?? languageOf(request)
    const asker = askerOf(seatIn(response))
    if (image === undefined) {
      const answers: Answer[] = []
      const args = [url!, n === undefined ? '' : `n=${n}`]
      await answerBatch(answer, asker, [{ id: 'image', fn: 'HSIMAGE', args }], { language, deadlineMs: null }, (one) =>
        answers.push(one),
      )
      send(response, answers[0]!)
      return
    }
    const picture = fromBase64(image)
    if (picture.length > PICTURE_BYTES_MAX) {
      sendFailure(response, failure('image-too-large', { max: `${PICTURE_BYTES_MAX / 1e6} MB` }), language)
      return
    }
    const { answer: said } = await answerPicture(answer, asker, picture, { n, language })
    send(response, said)
  }
}

function send(response: Response, { error, table, source, points }: Omit<Answer, 'id'>): void {
  response.setHeader('Cache-Control', 'no-store')
  if (error) response.status(422).json({ error })
  else response.json({ table: table ?? [], source, points })
}
