/** The one list of providers, and who is asked first for what. An upstream joins it in open-house.ts. */
import { failure, type Failure } from '../../shared/error-codes.ts'
import { countryOf, functionOf, type Inquiry, type Provider } from './provider.ts'

export interface Registry {
  readonly providers: readonly Provider[]
  /**
   * Who answers this inquiry: the first provider in the deployment's order that can.
   * @param wanted a provider asked for by name (`provider=`); null for the usual order.
   * @returns the failure `no-provider` that says what would help.
   */
  route(inquiry: Inquiry, wanted: string | null): Provider | Failure
}

/** @param providers in the order they are asked; the embedded one last, because it answers everything it can for nothing. */
export function createRegistry(providers: readonly Provider[]): Registry {
  return {
    providers,
    route(inquiry, wanted) {
      const able = providers.find(
        (provider) => (wanted === null || provider.name === wanted) && provider.answers(inquiry),
      )
      if (able) return able
      const country = countryOf(inquiry) ?? ''
      const fn = functionOf(inquiry)
      const advice =
        wanted === null
          ? ''
          : `Connected: ${providers.map((provider) => provider.name).join(', ')}. Leave provider= out to use them.`
      return failure('no-provider', { fn, country, advice })
    },
  }
}
