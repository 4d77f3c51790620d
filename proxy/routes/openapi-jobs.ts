/** The paths of bulk jobs in /openapi.json. */
import {
  documentedEstimateRequest,
  documentedJobRequest,
  estimateReply,
  job,
  JOB_DAYS_KEPT,
  JOB_ROWS_MAX,
  JOB_ROWS_PER_PAGE_MAX,
  jobRowsReply,
  JOBS_PER_PAGE_MAX,
  jobsReply,
  retryRequest,
  ROW_STATES,
} from '../../shared/jobs-protocol.ts'
import { operation, query } from './openapi-parts.ts'

const JOB = { name: 'job', in: 'path', required: true, description: 'Its id', schema: { type: 'string' } }

export const JOB_PATHS: Record<string, object> = {
  '/v1/jobs/estimate': {
    post: operation('What a bulk job would cost', {
      body: documentedEstimateRequest,
      reply: estimateReply,
      note: 'Asks nobody and spends nothing. rows = blanks + bad + duplicates + remembered + free + toPay.',
    }),
  },
  '/v1/jobs': {
    get: {
      ...operation('The jobs of this workspace, newest first', { reply: jobsReply }),
      parameters: [
        query('before', false, 'Job to continue behind'),
        query('limit', false, `Jobs a page, at most ${JOBS_PER_PAGE_MAX}`),
      ],
    },
    post: operation('Begins a bulk job', {
      body: documentedJobRequest,
      reply: job,
      status: 201,
      note: `Up to ${JOB_ROWS_MAX} rows. The same requestId with the same body begins nothing twice: 200 with the job as it stands. Answers can be read for ${JOB_DAYS_KEPT} days after its end.`,
    }),
  },
  '/v1/jobs/{job}': { get: { ...operation('How a job stands', { reply: job }), parameters: [JOB] } },
  '/v1/jobs/{job}/rows': {
    get: {
      ...operation('The rows of a job in their order, with their answers', { reply: jobRowsReply }),
      parameters: [
        JOB,
        query('after', false, 'Row to continue behind'),
        query('limit', false, `Rows a page, at most ${JOB_ROWS_PER_PAGE_MAX}`),
        query('state', false, `Only these: ${ROW_STATES.join(', ')}`),
      ],
    },
  },
  '/v1/jobs/{job}/events': {
    get: {
      summary: 'The progress of a job as server-sent events',
      description:
        'Event `progress` with the job at once and whenever it changed, at most two a second; `done` with the job at its end, then the stream ends. A stream that ends without `done` is opened again.',
      parameters: [JOB],
      responses: { 200: { description: 'Events', content: { 'text/event-stream': {} } } },
    },
  },
  '/v1/jobs/{job}/pause': {
    post: {
      ...operation('Pauses a job', { reply: job, note: 'What is being asked is still answered.' }),
      parameters: [JOB],
    },
  },
  '/v1/jobs/{job}/resume': {
    post: {
      ...operation('Goes on with a paused job', {
        reply: job,
        note: 'Jobs that wait for points go on by themselves when points come.',
      }),
      parameters: [JOB],
    },
  },
  '/v1/jobs/{job}/cancel': {
    post: {
      ...operation('Asks nothing more of a job', { reply: job, note: 'What is being asked is still answered.' }),
      parameters: [JOB],
    },
  },
  '/v1/jobs/{job}/retry': {
    post: {
      ...operation('Asks again what failed for a passing reason, or was cancelled', {
        body: retryRequest,
        reply: job,
      }),
      parameters: [JOB],
    },
  },
}
