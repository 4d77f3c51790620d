/**
 * How values go between a script's context and the services, which are in another thread: as JSON, because what is made in one context
 * is no Array, Date or Error in another. Each side makes its own from the text.
 */

/** Stands for what JSON does not have. */
export type Tagged =
  | { $: 'date'; ms: number }
  | { $: 'undefined' }
  | { $: 'object'; id: number; name: string; members?: { methods: string[]; constants: Record<string, unknown> } }
  | { $: 'fields'; fields: Record<string, Wire> }
export type Wire = null | string | number | boolean | Tagged | Wire[]

export interface ServiceCall {
  object: number
  method: string
  args: Wire[]
}
export type ServiceReply = { value: Wire } | { thrown: { name: string; message: string } }

export interface Job {
  code: string
  /** By their global names. */
  services: Record<string, Tagged>
  /** To load is to find out what there is, and whether a service is touched on the way. */
  task: { load: true } | { load: false; fn: string; args: Wire[] }
}

export type JobEnd =
  | { end: 'value'; value: Wire }
  /** @param line of the script that threw, 0 when unknown. */
  | { end: 'thrown'; name: string; message: string; line: number }
  | { end: 'loaded'; functions: string[]; touched: string[] }
