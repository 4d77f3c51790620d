/** Why a row needs a person, as it stands in its cell and in the receipt. */
import type { Words } from '../words.ts'
import type { ReviewReason } from './classified.ts'

export interface ReasonWords {
  needsReview: string
  reasons: Record<ReviewReason, string>
}

export const REASON_WORDS: Words<ReasonWords> = {
  en: {
    needsReview: 'Needs review',
    reasons: {
      failed: 'No answer',
      vague: 'Description too vague',
      'not-certain': 'Not certain enough',
      disagreement: 'Second opinion differs',
      'low-confidence': 'Low confidence',
      'rate-differs': 'Likely codes have different rates',
    },
  },
  zh: {
    needsReview: '待复核',
    reasons: {
      failed: '无结果',
      vague: '描述过于笼统',
      'not-certain': '把握不足',
      disagreement: '第二意见不同',
      'low-confidence': '置信度低',
      'rate-differs': '候选编码税率不同',
    },
  },
  fr: {
    needsReview: 'À réviser',
    reasons: {
      failed: 'Sans réponse',
      vague: 'Description trop vague',
      'not-certain': 'Pas assez sûr',
      disagreement: 'Le second avis diffère',
      'low-confidence': 'Confiance faible',
      'rate-differs': 'Les codes probables ont des taux différents',
    },
  },
}
