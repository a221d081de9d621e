// Stripe's Payment Element in the page: mounted late, so that the page comes first, and asked for one token a try.
// A card number never touches our page: it is typed into Stripe's frame.

import { pause } from "api-client"
import { loadStripe } from "stripe-loader"
import { appearance } from "stripe-appearance"

export class CardFields {
  #stripe
  #elements

  // `cardAs`: "confirmation_token", or "payment_method" where Stripe should not take the former beside our return page.
  constructor({ stripeUrl, publishableKey, locale, cardAs }) {
    Object.assign(this, { stripeUrl, publishableKey, locale, cardAs })
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () =>
      this.#elements?.update({ appearance: appearance() }),
    )
  }

  // `mode`: "payment", or "subscription" where the card is to be charged again without its owner.
  // Resolves once a card can be typed; rejects where Stripe.js does not come. A second call begins anew.
  // It takes a breath between the steps: in one go they would stop a phone for as long as a tap is felt.
  async mount(place, { amount, currency, mode }) {
    const Stripe = await loadStripe(this.stripeUrl)
    await pause(0)
    this.#stripe = Stripe(this.publishableKey, { locale: this.locale })
    this.#elements = this.#stripe.elements({
      mode,
      amount,
      currency,
      allowedPaymentMethodTypes: ["card"],
      appearance: appearance(),
      ...(this.#isManual && { paymentMethodCreation: "manual" }),
    })
    await pause(0)
    const element = this.#elements.create("payment", {
      wallets: { applePay: "never", googlePay: "never", link: "never" },
    })
    await new Promise((resolve, reject) => {
      element.on("ready", resolve)
      element.on("loaderror", reject)
      place.replaceChildren()
      element.mount(place)
    })
  }

  changeAmount({ amount, currency, mode }) {
    return this.#elements?.update({ amount, currency, mode })
  }

  // The id of a token for the card as typed now, or null where a field is wrong, which the element itself shows.
  // Rejects where Stripe gives none.
  async token() {
    const elements = this.#elements
    const { error } = await elements.submit()
    if (error) return null
    if (this.#isManual) return (await this.#stripe.createPaymentMethod({ elements })).paymentMethod.id
    return (await this.#stripe.createConfirmationToken({ elements })).confirmationToken.id
  }

  get #isManual() {
    return this.cardAs === "payment_method"
  }
}
