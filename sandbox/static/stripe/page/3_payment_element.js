const EVENTS = ["ready", "change", "focus", "blur", "escape", "loaderstart", "loaderror", "availablepaymentmethodschange"]
const ELEMENT_OPTIONS = ["layout", "defaultValues", "business", "paymentMethodOrder", "fields", "readOnly", "terms", "wallets"]
const LOAD_SECONDS = 15

/** The Payment Element: https://docs.stripe.com/js/element/payment_element */
class PaymentElement {
  #elements
  #options
  #container = null
  #frame = null
  #isDestroyed = false
  #listeners = new Map(EVENTS.map((name) => [name, new Set()]))

  constructor(elements, options = {}) {
    PaymentElement.#check(options)
    this.#elements = elements
    this.#options = options
  }

  mount(target) {
    if (this.#isDestroyed) throw new IntegrationError("This Element has been destroyed. Create a new one.")
    const container = typeof target === "string" ? document.querySelector(target) : target
    if (!(container instanceof HTMLElement)) {
      throw new IntegrationError(`The selector you specified (${target}) applies to no DOM elements on the page.`)
    }
    this.unmount()
    this.#container = container
    const title = this.#elements.language === "ko" ? "안전한 결제 입력 프레임" : "Secure payment input frame"
    this.#frame = new Frame("/elements/payment", {
      title,
      init: () => ({ ...this.#elements.settings(), options: this.#options }),
      onEvent: (name, detail) => this.#hear(name, detail),
    })
    this.#frame.element.style.height = "148px"
    container.classList.add("StripeElement")
    container.replaceChildren(this.#frame.element)
    this.#giveUpLater(this.#frame)
    queueMicrotask(() => this.#emit("loaderstart"))
  }

  unmount() {
    this.#frame?.remove()
    this.#frame = null
    this.#container?.classList.remove("StripeElement")
    this.#container = null
  }

  destroy() {
    this.unmount()
    this.#isDestroyed = true
    this.#elements.forget(this)
  }

  update(options = {}) {
    PaymentElement.#check(options)
    Object.assign(this.#options, options)
    this.#frame?.call("update", { options: this.#options })
  }

  on(name, handler) {
    if (!this.#listeners.has(name)) throw new IntegrationError(`The Payment Element has no event ${name}.`)
    this.#listeners.get(name).add(handler)
    return this
  }

  once(name, handler) {
    const onlyNow = (event) => {
      this.off(name, onlyNow)
      handler(event)
    }
    return this.on(name, onlyNow)
  }

  off(name, handler) {
    handler ? this.#listeners.get(name)?.delete(handler) : this.#listeners.get(name)?.clear()
    return this
  }

  focus = () => void this.#frame?.call("focus")
  blur = () => void this.#frame?.call("blur")
  clear = () => void this.#frame?.call("clear")
  collapse() {}

  /** For our own parts only: asks the frame. */
  call(method, args) {
    if (!this.#frame) throw new IntegrationError("We could not retrieve data from the Payment Element: mount it first.")
    return this.#frame.call(method, args)
  }

  #hear(name, detail) {
    if (name === "height") return void (this.#frame.element.style.height = `${detail}px`)
    if (name === "enter") return void this.#container?.closest("form")?.requestSubmit()
    if (name === "ready" || name === "loaderror") this.#frame.isSettled = true
    this.#emit(name, detail)
  }

  #emit(name, detail = {}) {
    for (const handler of [...this.#listeners.get(name)]) handler({ elementType: "payment", ...detail })
  }

  #giveUpLater(frame) {
    setTimeout(() => {
      if (frame !== this.#frame || frame.isSettled) return
      this.#emit("loaderror", { error: { type: "api_connection_error", message: "The Payment Element did not load." } })
    }, LOAD_SECONDS * 1000)
  }

  static #check(options) {
    onlyKnown(options, ELEMENT_OPTIONS, "elements.create('payment')")
    onlyKnown(options.wallets, ["applePay", "googlePay", "link"], "wallets")
    for (const value of Object.values(options.wallets ?? {})) oneOf(value, ["auto", "never"], "wallets")
    onlyKnown(options.fields, ["billingDetails"], "fields")
    onlyKnown(options.defaultValues, ["billingDetails", "card"], "defaultValues")
  }
}
