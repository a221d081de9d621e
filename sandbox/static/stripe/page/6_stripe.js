const STRIPE_OPTIONS = ["apiVersion", "betas", "developerTools", "locale", "stripeAccount"]
const UNSERVED = [
  "confirmPayment", "confirmSetup", "confirmCardPayment", "confirmCardSetup", "createToken", "createSource", "initCheckout",
  "initEmbeddedCheckout", "paymentRequest", "redirectToCheckout", "retrieveSetupIntent", "verifyIdentity",
]

/** https://docs.stripe.com/js/initializing */
class StripeClient {
  #controller = null

  constructor(key, { locale = "auto" } = {}) {
    this.key = key
    this.locale = locale
    for (const name of UNSERVED) {
      this[name] = () => {
        throw new IntegrationError(`The sandbox does not serve stripe.${name}().`)
      }
    }
  }

  elements(options) {
    return new Elements(this, options)
  }

  /** Resolves to {confirmationToken} or {error}. Rejects when elements.submit() did not come first. */
  async createConfirmationToken(request = {}) {
    onlyKnown(request, ["elements", "params"], "stripe.createConfirmationToken()")
    const { elements, params = {} } = request
    if (!(elements instanceof Elements)) throw new IntegrationError("stripe.createConfirmationToken() needs elements.")
    onlyKnown(params, ["payment_method_data", "return_url", "shipping"], "params")
    const result = await elements.tokenize("confirmationToken", params, "stripe.createConfirmationToken()")
    return result.error ? result : { confirmationToken: result }
  }

  /** Resolves to {paymentMethod} or {error}; only for Elements made with paymentMethodCreation: "manual". */
  async createPaymentMethod(request = {}) {
    onlyKnown(request, ["elements", "params"], "stripe.createPaymentMethod()")
    const { elements, params = {} } = request
    if (!(elements instanceof Elements)) throw new IntegrationError("stripe.createPaymentMethod() needs elements.")
    if (!elements.isManual) {
      throw new IntegrationError("stripe.createPaymentMethod() needs Elements made with paymentMethodCreation: 'manual'.")
    }
    const result = await elements.tokenize("paymentMethod", { payment_method_data: params }, "stripe.createPaymentMethod()")
    return result.error ? result : { paymentMethod: result }
  }

  /** Resolves to {paymentIntent} or {error}. */
  async retrievePaymentIntent(clientSecret) {
    if (!/^pi_\w+_secret_\w+$/.test(clientSecret ?? "")) {
      throw new IntegrationError("stripe.retrievePaymentIntent() needs a client secret of the form pi_…_secret_….")
    }
    const result = await this.#frame().call("paymentIntent", { clientSecret })
    return result.error ? result : { paymentIntent: result }
  }

  /** Opens a dialog over the page if the intent waits for the buyer. */
  async handleNextAction({ clientSecret } = {}) {
    const first = await this.retrievePaymentIntent(clientSecret)
    const action = first.paymentIntent?.next_action
    if (!action) return first
    const url = action.use_stripe_sdk?.stripe_js ?? action.redirect_to_url?.url
    return showChallengeDialog(url, () => this.retrievePaymentIntent(clientSecret))
  }

  #frame() {
    if (!this.#controller) {
      this.#controller = new Frame("/elements/controller", { title: "Stripe", init: () => ({ key: this.key }) })
      this.#controller.element.hidden = true
      this.#controller.element.ariaHidden = "true"
      this.#controller.element.tabIndex = -1
      document.body.append(this.#controller.element)
    }
    return this.#controller
  }
}

/** The one global that the page uses: `Stripe(publishableKey, {locale})`. */
globalThis.Stripe = function Stripe(key, options = {}) {
  if (typeof key !== "string" || !key) throw new IntegrationError("Please call Stripe() with your publishable key. You used an empty string.")
  if (!key.startsWith("pk_test_sandbox_")) throw new IntegrationError("The sandbox takes its own keys only: pk_test_sandbox_…")
  onlyKnown(options, STRIPE_OPTIONS, "Stripe()")
  return new StripeClient(key, options)
}
globalThis.Stripe.version = "endive"
