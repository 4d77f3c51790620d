/** Words of TC-433: how a job stands, and what cannot be done with it. */
import type { JobState } from '../../shared/jobs-protocol.ts'
import type { Localised } from '../../shared/language.ts'

export type JobAction = 'pause' | 'resume' | 'cancel' | 'retry'

export const STATE_WORDS: Record<JobState, Localised> = {
  running: { en: 'running', zh: '进行中', fr: 'en cours' },
  paused: { en: 'paused', zh: '已暂停', fr: 'en pause' },
  cancelled: { en: 'cancelled', zh: '已取消', fr: 'annulé' },
  done: { en: 'done', zh: '已完成', fr: 'terminé' },
}

export const ACTION_WORDS: Record<JobAction, Localised> = {
  pause: { en: 'paused', zh: '暂停', fr: 'mettre en pause' },
  resume: { en: 'resumed', zh: '继续', fr: 'reprendre' },
  cancel: { en: 'cancelled', zh: '取消', fr: 'annuler' },
  retry: { en: 'retried', zh: '重试', fr: 'relancer' },
}
