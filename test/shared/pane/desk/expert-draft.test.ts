import { expect, test } from 'vitest'
import { createExpertDraft, isWhole } from '../../../../shared/pane/desk/expert-draft.ts'
import { threadsOf } from '../../../../shared/pane/desk/threads.ts'
import type { ProxyApi } from '../../../../shared/pane/proxy-api.ts'

type Request = Parameters<ProxyApi['createConsultation']>[0]
const LOST = { error: { code: 'TC-517', message: 'TC-517 not confirmed', retryable: false } }

function openDraft() {
  const sent: Request[] = []
  let isLost = false
  let ids = 0
  const expert = createExpertDraft({
    api: {
      async createConsultation(request) {
        sent.push(request)
        return isLost ? LOST : { form: 'form-1', imageUrls: [] }
      },
    },
    newId: () => `id ${++ids}`,
    language: () => 'en',
  })
  return { expert, sent, lose: (lost: boolean) => void (isLost = lost) }
}

test('nothing is sent before the person has agreed', async () => {
  const { expert, sent } = openDraft()
  expert.write('productNameCn', '保温杯')
  expect(isWhole(expert.draft.get())).toBe(false)
  expect(await expert.send()).toMatchObject({ error: { code: 'TC-148' } })
  expect(sent).toEqual([])
})

test('what was agreed to is this text: changing it asks again', () => {
  const { expert } = openDraft()
  expert.write('productNameCn', '保温杯')
  expert.confirm(true)
  expect(isWhole(expert.draft.get())).toBe(true)
  expert.write('uses', '盛装饮品')
  expect(expert.draft.get().isConfirmed).toBe(false)
})

test('pressed twice it is sent once, and the draft is empty afterwards', async () => {
  const { expert, sent } = openDraft()
  expert.write('productNameCn', ' 保温杯 ')
  expert.write('brand', '  ')
  expert.confirm(true)
  await Promise.all([expert.send(), expert.send()])
  expect(sent).toEqual([{ requestId: 'id 1', confirm: true, productNameCn: '保温杯', images: [] }])
  expect(expert.draft.get()).toEqual({ fields: {}, pictures: [], isConfirmed: false })
})

test('after a lost reply the same text keeps its id, and another text gets another', async () => {
  const { expert, sent, lose } = openDraft()
  lose(true)
  expert.write('productNameCn', '保温杯')
  expert.confirm(true)
  await expert.send()
  await expert.send()
  expert.write('productNameCn', '水壶')
  expert.confirm(true)
  lose(false)
  await expert.send()
  expect(sent.map(({ requestId }) => requestId)).toEqual(['id 1', 'id 1', 'id 2'])
})

test('no more than three pictures are taken', () => {
  const { expert } = openDraft()
  for (let n = 0; n < 5; n++) expert.addPicture({ name: `${n}.png`, kind: 'png', bytes: 1, base64: 'AA==' })
  expert.removePicture(0)
  expect(expert.draft.get().pictures.map(({ name }) => name)).toEqual(['1.png', '2.png'])
})

test('the talk is sorted by the fields of the form, unknown ones last', () => {
  const dialog = (field: string, id: string) => ({ id, field, messages: [] })
  const threads = threadsOf({
    dialogs: [dialog('New', '1'), dialog('Brand', '2'), dialog('Uses', '3'), dialog('Brand', '4')],
  })
  expect(threads.map(({ field, dialogs }) => [field, dialogs.map(({ id }) => id)])).toEqual([
    ['Uses', ['3']],
    ['Brand', ['2', '4']],
    ['New', ['1']],
  ])
})
