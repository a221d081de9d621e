const ELEMENTS_OPTIONS = [
  "allowedPaymentMethodTypes", "amount", "appearance", "captureMethod", "currency", "excludedPaymentMethodTypes", "fonts",
  "loader", "locale", "mode", "onBehalfOf", "paymentMethodCreation", "paymentMethodOptions", "setupFutureUsage",
]
const UPDATES = ["amount", "appearance", "captureMethod", "currency", "locale", "mode", "paymentMethodCreation", "setupFutureUsage"]

/** A group of Elements that is made before its intent: https://docs.stripe.com/payments/accept-a-payment-deferred */
class Elements {
  #options
  #payment = null
  #isSubmitted = false

  constructor(stripe, options = {}) {
    if ("clientSecret" in options) throw new IntegrationError("The sandbox serves deferred Elements only: leave clientSecret out.")
    onlyKnown(options, ELEMENTS_OPTIONS, "stripe.elements()")
    this.stripe = stripe
    this.#options = { paymentMethodCreation: "automatic", ...options }
    this.#check()
  }

  get language() {
    const locale = this.#options.locale ?? this.stripe.locale
    return (locale === "auto" ? navigator.language : locale).slice(0, 2)
  }

  get isManual() {
    return this.#options.paymentMethodCreation === "manual"
  }

  create(type, options) {
    if (type === "paymentRequestButton") {
      throw new IntegrationError("paymentRequestButton is no longer supported. Use the Express Checkout Element.")
    }
    if (type !== "payment") throw new IntegrationError(`The sandbox has no Element of the type ${type}.`)
    if (this.#payment) throw new IntegrationError("Can only create one Element of type payment through this Elements instance.")
    this.#payment = new PaymentElement(this, options)
    return this.#payment
  }

  getElement(type) {
    return type === "payment" ? this.#payment : null
  }

  async update(options = {}) {
    onlyKnown(options, UPDATES, "elements.update()")
    Object.assign(this.#options, options)
    this.#check()
    this.#isSubmitted = false
    await this.#payment?.call("settings", this.settings())
  }

  async fetchUpdates() {
    return {}
  }

  /** Checks the fields and shows what is wrong beside them. Must come before a token is made. */
  async submit() {
    const answer = await this.#required("elements.submit()").call("submit")
    this.#isSubmitted = !answer.error
    return answer
  }

  /** For our own parts only. */
  async tokenize(method, params, where) {
    const payment = this.#required(where)
    if (!this.#isSubmitted) {
      throw new IntegrationError(
        `elements.submit() must be called before ${where}. Call elements.submit() as soon as your customer presses pay,` +
          " prior to any asynchronous work.",
      )
    }
    return payment.call(method, { params, ...this.settings() })
  }

  /** For our own parts only: what the frame must know. */
  settings() {
    const { amount, appearance = {}, currency, mode, setupFutureUsage } = this.#options
    const plain = JSON.parse(JSON.stringify(appearance))
    return { key: this.stripe.key, language: this.language, appearance: plain, mode, amount, currency, setupFutureUsage }
  }

  forget() {
    this.#payment = null
    this.#isSubmitted = false
  }

  #required(where) {
    if (!this.#payment) throw new IntegrationError(`${where} needs a mounted Payment Element.`)
    return this.#payment
  }

  #check() {
    const { mode, amount, currency, setupFutureUsage, paymentMethodCreation, allowedPaymentMethodTypes } = this.#options
    oneOf(mode ?? "", ["payment", "setup", "subscription"], "stripe.elements(): mode")
    if (mode !== "setup" && !(Number.isInteger(amount) && amount >= (mode === "payment" ? 1 : 0))) {
      throw new IntegrationError(`stripe.elements(): amount must be a whole number of minor units when mode is ${mode}.`)
    }
    if (mode !== "setup" && !/^[a-z]{3}$/.test(currency ?? "")) {
      throw new IntegrationError("stripe.elements(): currency must be a three-letter code in lower case.")
    }
    oneOf(setupFutureUsage ?? undefined, ["on_session", "off_session"], "stripe.elements(): setupFutureUsage")
    oneOf(paymentMethodCreation, ["automatic", "manual"], "stripe.elements(): paymentMethodCreation")
    onlyKnown(this.#options.appearance, ["theme", "variables", "rules", "labels", "inputs", "disableAnimations"], "appearance")
    oneOf(this.#options.appearance?.theme, ["stripe", "night", "flat", "none"], "appearance.theme")
    if (allowedPaymentMethodTypes && !allowedPaymentMethodTypes.includes("card")) {
      throw new IntegrationError("stripe.elements(): the sandbox serves cards only.")
    }
  }
}
