/** Words in the file of a receipt. */
import type { Words } from '../words.ts'
import type { Classified, RowWriting } from './classified.ts'

export interface ReceiptHeaders {
  title: string
  started: string
  ended: string
  points: string
  editions: string
  columns: string[]
  writings: Record<RowWriting, string>
  decisions: Record<NonNullable<Classified['decision']>, string>
}

export const RECEIPT_HEADERS: Words<ReceiptHeaders> = {
  en: {
    title: 'Rows',
    started: 'Started',
    ended: 'Ended',
    points: 'Points spent',
    editions: 'Editions',
    columns: [
      'Row of the run',
      'Description',
      'Country of import',
      'HS code',
      'Label',
      'Confidence',
      'Digits agreed',
      'MFN rate',
      'Best preference',
      'Needs review',
      'Provider',
      'Edition',
      'Points',
      'Written',
      'Decision',
    ],
    writings: { 'not-yet': 'no', written: 'yes', moved: 'no: the row had changed', undone: 'undone' },
    decisions: { accepted: 'accepted', changed: 'changed' },
  },
  zh: {
    title: '行',
    started: '开始',
    ended: '结束',
    points: '消耗点数',
    editions: '版本',
    columns: [
      '任务行号',
      '描述',
      '进口国',
      'HS 编码',
      '名称',
      '置信度',
      '一致位数',
      '最惠国税率',
      '最优优惠税率',
      '待复核',
      '提供方',
      '版本',
      '点数',
      '已写入',
      '决定',
    ],
    writings: { 'not-yet': '否', written: '是', moved: '否：该行已变动', undone: '已撤销' },
    decisions: { accepted: '已接受', changed: '已更改' },
  },
  fr: {
    title: 'Lignes',
    started: 'Début',
    ended: 'Fin',
    points: 'Points dépensés',
    editions: 'Éditions',
    columns: [
      'Ligne du lot',
      'Description',
      'Pays d’importation',
      'Code SH',
      'Libellé',
      'Confiance',
      'Chiffres concordants',
      'Taux NPF',
      'Meilleure préférence',
      'À réviser',
      'Fournisseur',
      'Édition',
      'Points',
      'Écrit',
      'Décision',
    ],
    writings: { 'not-yet': 'non', written: 'oui', moved: 'non : la ligne a changé', undone: 'annulé' },
    decisions: { accepted: 'accepté', changed: 'modifié' },
  },
}
