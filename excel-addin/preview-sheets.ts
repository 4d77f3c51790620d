/** What the preview of the pane works on: products as an importer's sheet has them, flaws included. */
import type { MemorySheet } from '../shared/pane/memory-host.ts'

export const PREVIEW_SHEETS: MemorySheet[] = [
  {
    name: 'Products',
    rows: [
      ['SKU', 'Description', 'Material', 'Origin', 'Value', 'Supplier code'],
      ['A-100', "men's knitted T-shirt", '100% cotton', 'CN', 1840, 610910],
      ['A-101', "women's leather handbag", 'leather', 'IT', 5200, '4202.21'],
      ['A-102', 'wireless computer mouse', 'plastic', 'CN', 960, '3924.90'],
      ['A-103', 'frozen Atlantic salmon fillets', '', 'NO', 12400, 30481],
      ['A-104', 'stainless steel vacuum flask 500 ml', 'stainless steel', 'CN', 730, '9617.00'],
      ['A-105', 'wooden dining chair, upholstered', 'oak', 'VN', 3100, ''],
      ['A-106', 'ceramic coffee mug', 'stoneware', 'CN', 410, '691200'],
      ['A-107', "men's knitted T-shirt", '100% cotton', 'BD', 2210, 610910],
      ['A-108', 'parts', '', 'DE', 90, ''],
      ['A-109', 'LED desk lamp', 'aluminium', 'CN', 1505, '9405.21'],
      ['A-110', 'natural honey in jars', '', 'CA', 640, 40900],
      ['A-111', 'bicycle inner tube', 'rubber', 'TW', 300, '401320'],
    ],
  },
]
