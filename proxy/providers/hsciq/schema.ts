/**
 * What is read of HSCIQ's replies. Envelopes are strict; items are taken one by one, and what is unknown in them is left alone, so that
 * a bad item is dropped and its neighbours stand. Spelling as in the document, `UnitofMeasure` beside `UnitOfMeasure` included.
 */
import * as z from 'zod/mini'

/** Text that goes through cleanText or readCode before it is used, whatever it is. */
const loose = z.optional(z.unknown())

/** `{ ok: true, toolName, data }`; `data: null` means that there is no such thing. */
export function envelope<Data>(toolName: string, data: z.ZodMiniType<Data>) {
  return z.object({ ok: z.literal(true), toolName: z.nullish(z.literal(toolName)), data: z.nullable(data) })
}

export const serviceInfo = z.object({
  name: z.string(),
  version: z.string(),
  toolsEndpoint: z.string(),
  callEndpoint: z.string(),
})
export type ServiceInfo = z.infer<typeof serviceInfo>

export const toolList = z.object({ version: z.nullish(z.string()), tools: z.array(z.unknown()) })
export const toolItem = z.object({ name: z.string() })

/** Items of every list; the counts beside them are for turning pages, which a cell does not do. */
export const page = z.object({ items: z.nullish(z.array(z.unknown())), totalItemCount: z.nullish(z.number()) })
export type Page = z.infer<typeof page>

/** Of search_code: one shape for three countries, each with its own rate columns. */
export const codeItem = z.object({
  Code: loose,
  Name: loose,
  Import: loose,
  General: loose,
  Temporary: loose,
  WTO: loose,
  GeneralRateofDuty: loose,
})
export type CodeItem = z.infer<typeof codeItem>

export const instanceItem = z.object({ InstanceName: loose, InstanceNamePlain: loose, Count: loose })

export const ciqItem = z.object({ Code: loose, Id: loose, Name: loose, Number: loose })

export const hazardItem = z.object({ Name: loose, Alias: loose, CAS: loose, HSCode: loose, Remarks: loose })

const named = z.nullish(z.object({ Name: loose }))
export const portItem = z.object({
  Code: loose,
  CodePlain: loose,
  CName: loose,
  CNamePlain: loose,
  EName: loose,
  ENamePlain: loose,
  Country: named,
  ShippingLine: named,
})

const dictionary = z.nullish(z.record(z.string(), z.unknown()))
const list = z.nullish(z.array(z.unknown()))

/** MCPCodeDetailResult. */
export const codeDetail = z.object({
  Country: loose,
  Code: loose,
  Name: loose,
  Unit1: loose,
  Unit2: loose,
  UnitOfMeasure: loose,
  UnitofMeasure: loose,
  Remark: loose,
  Taxes: dictionary,
  Extensions: z.nullish(
    z.object({
      Cn: z.nullish(
        z.object({
          Reporting: list,
          Regulatory: dictionary,
          Inspect: dictionary,
          RegulatoryCodes: list,
          Ciqs: list,
          HSMap: list,
          ExportRebateCodes: list,
          Ct: dictionary,
          Rcep: dictionary,
        }),
      ),
      Jp: z.nullish(z.object({ AgreementRates: dictionary })),
      Us: z.nullish(z.object({ QuotaQuantity: loose, AdditionalDuties: loose })),
    }),
  ),
})
export type CodeDetail = z.infer<typeof codeDetail>

/** MCPCodeItem. */
export const keyedItem = z.object({ Key: loose, Value: loose, IsRequired: loose })
export const controlItem = z.object({
  Code: loose,
  Name: loose,
  Mofcomcode: loose,
  Iemark: loose,
  Reportingcategorycode: loose,
  ReportingElements: list,
})
export const elementItem = z.object({ Elementname: loose, Elementorder: loose })
export const rebateItem = z.object({ Id: loose, Name: loose, Rate: loose })

const formId = z.string().check(z.regex(/^[\w-]{4,64}$/))

export const createdForm = z.object({
  formId,
  status: loose,
  imageCount: z.nullish(z.number()),
  imageUrls: z.nullish(z.array(z.unknown())),
})

export const formItem = z.object({
  id: formId,
  productNameCn: loose,
  status: loose,
  isFinalized: z.nullish(z.boolean()),
  createTime: loose,
})

export const formDetail = z.object({
  form: z.object({ id: z.nullish(z.string()), productNameCn: loose, status: loose, createTime: loose }),
  dialogs: list,
  finalization: z.nullish(z.object({ confirmedCode: loose, classificationReason: loose })),
})
export type FormDetail = z.infer<typeof formDetail>

export const dialogItem = z.object({ id: z.string(), fieldKey: loose, messages: list })
export const messageItem = z.object({ senderId: loose, content: loose, createTime: loose })

export const writtenMessage = z.object({ dialogId: formId })
