// Stripe's Payment Element in the page: mounted late, so that the page comes first, and asked for one token a try.
// A card number never touches our page: it is typed into Stripe's frame.

import { pause } from "api-client"

const PATIENCE = 5000
let loading

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

// From Stripe, once a page. Rejects where it is blocked, or has not come within five seconds; a retry loads it anew.
function loadStripe(url) {
  loading ??= load(url).catch((error) => {
    loading = undefined
    throw error
  })
  return loading
}

function load(url) {
  if (window.Stripe) return Promise.resolve(window.Stripe)
  return new Promise((resolve, reject) => {
    const script = document.createElement("script")
    script.src = url
    script.onload = () => (window.Stripe ? resolve(window.Stripe) : reject(new Error("no Stripe")))
    script.onerror = () => reject(new Error("blocked"))
    setTimeout(() => reject(new Error("slow")), PATIENCE)
    document.head.append(script)
  })
}

// Our design tokens in the words of Stripe's Appearance API. Stripe reads rgb() everywhere, oklch() not yet.
function appearance() {
  const styles = getComputedStyle(document.documentElement)
  const token = (name) => styles.getPropertyValue(name).trim()
  const color = (name) => asRgb(token(name))
  return {
    theme: matchMedia("(prefers-color-scheme: dark)").matches ? "night" : "stripe",
    disableAnimations: matchMedia("(prefers-reduced-motion: reduce)").matches,
    variables: {
      colorPrimary: color("--color-accent"),
      colorBackground: color("--color-page"),
      colorText: color("--color-text"),
      colorTextSecondary: color("--color-text-quiet"),
      colorTextPlaceholder: color("--color-text-quiet"),
      colorDanger: color("--color-danger"),
      borderRadius: token("--radius"),
      fontFamily: token("--font"),
      fontSizeBase: "16px",
      spacingUnit: "4px",
    },
  }
}

function asRgb(color) {
  const pen = document.createElement("canvas").getContext("2d")
  pen.fillStyle = color
  pen.fillRect(0, 0, 1, 1)
  const [red, green, blue] = pen.getImageData(0, 0, 1, 1).data
  return `rgb(${red}, ${green}, ${blue})`
}
