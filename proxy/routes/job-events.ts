/** GET /v1/jobs/:job/events: a job's progress as server-sent events, read from the database that all proxies share. */
import { once } from 'node:events'
import type { Request, Response } from 'express'
import { failure, isFailure } from '../../shared/error-codes.ts'
import type { AnswerDeps } from '../answer/answer-batch.ts'
import { seatIn } from '../auth/authenticate.ts'
import type { Database } from '../database.ts'
import { languageOf, sendFailure } from '../errors.ts'
import type { Jobs } from '../jobs/jobs.ts'
import type { Drain } from './drain.ts'
import { placeOf } from './job-place.ts'
import { printJob } from './print-job.ts'

// At most two a second; where no event comes, a look at least every second.
const EVENT_EVERY_MS = 500
const LOOK_EVERY_MS = 1000
const HEARTBEAT_EVERY_MS = 15_000
// A stream outlives no token for long: the client opens it again by itself.
const STREAM_MS_MAX = 15 * 60_000
const OPEN_AGAIN_AFTER_MS = 2000
const STREAMS_PER_SEAT_MAX = 20

export interface JobEventsRouteDeps {
  jobs: Pick<Jobs, 'get'>
  answer: Pick<AnswerDeps, 'now'>
  database: Pick<Database, 'listen'>
  drain: Pick<Drain, 'draining'>
}

export function jobEventsRoute({ jobs, answer, database, drain }: JobEventsRouteDeps) {
  const streams = new Map<string, number>()
  return async (request: Request, response: Response): Promise<void> => {
    const seat = seatIn(response)
    const language = languageOf(request)
    const place = placeOf(request, response)
    const first = await jobs.get(place)
    if (isFailure(first)) return sendFailure(response, first, language)
    const open = streams.get(seat.id) ?? 0
    if (open >= STREAMS_PER_SEAT_MAX) {
      response.setHeader('Retry-After', '60')
      return sendFailure(response, failure('too-many-requests', { seconds: 60 }), language)
    }
    streams.set(seat.id, open + 1)

    let isGone = false
    let changed = false
    let look = (): void => {}
    const gone = (): void => {
      isGone = true
      look()
    }
    response.once('close', gone)
    const unlisten = database.listen('jobs', (payload) => {
      if (payload !== null && payload !== place.jobId) return
      changed = true
      look()
    })
    const heartbeat = setInterval(() => response.write(': still here\n\n'), HEARTBEAT_EVERY_MS)
    const late = setTimeout(gone, STREAM_MS_MAX)

    /** Until something happened, at least the pause between events. */
    const pause = async (): Promise<void> => {
      await wait(EVENT_EVERY_MS, (wake) => {
        look = () => void (isGone && wake())
        look()
      })
      if (changed || isGone) return
      await wait(LOOK_EVERY_MS - EVENT_EVERY_MS, (wake) => {
        look = wake
      })
    }

    response.writeHead(200, {
      'Content-Type': 'text/event-stream; charset=utf-8',
      'Cache-Control': 'no-store, no-transform',
      'X-Accel-Buffering': 'no',
    })
    response.write(`retry: ${OPEN_AGAIN_AFTER_MS}\n\n`)
    try {
      let last = ''
      for (;;) {
        changed = false
        const found = await jobs.get(place)
        if (isGone || drain.draining || isFailure(found)) break
        const { secondsLeft, ...said } = printJob(found, answer.now(), language)
        const isEnded = said.finishedAt !== null
        const text = JSON.stringify(said)
        if (text !== last) await send(response, 'progress', { ...said, secondsLeft })
        last = text
        if (isEnded) {
          await send(response, 'done', { ...said, secondsLeft })
          break
        }
        await pause()
        if (isGone) break
      }
    } finally {
      unlisten()
      clearInterval(heartbeat)
      clearTimeout(late)
      const left = (streams.get(seat.id) ?? 1) - 1
      if (left > 0) streams.set(seat.id, left)
      else streams.delete(seat.id)
      response.end()
    }
  }
}

/** @param onWait given what ends the wait early. */
async function wait(milliseconds: number, onWait: (wake: () => void) => void): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined
  await new Promise<void>((resolve) => {
    timer = setTimeout(resolve, milliseconds)
    onWait(resolve)
  })
  clearTimeout(timer)
}

async function send(response: Response, event: 'progress' | 'done', data: object): Promise<void> {
  if (response.destroyed) return
  const isTaken = response.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`)
  // A client that reads slowly is sent less, and one that reads nothing is gone when its connection is.
  if (!isTaken) await Promise.race([once(response, 'drain'), once(response, 'close')])
}
