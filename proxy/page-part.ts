/// <reference lib="dom" />
/** An element of a page of our own, by its id. @throws where index.html and its script do not fit together. */
export function part<Element extends HTMLElement>(document: Document, id: string, type: new () => Element): Element {
  const element = document.getElementById(id)
  if (!(element instanceof type)) throw new TypeError(`index.html has no ${type.name} called ${id}`)
  return element
}
