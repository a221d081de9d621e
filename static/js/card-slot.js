// The place of Stripe's card fields. Where they have not come within five seconds it says so and offers a way out;
// should they come after all, they take their place. Says "card-ready" once a card can be typed.

import { CardFields } from "card-fields"

const PATIENCE = 5000

class CardSlot extends HTMLElement {
  #fields
  #amount
  isReady = false

  connectedCallback() {
    this.#part("retry").addEventListener("click", this.#retry)
  }

  // What is to be paid, {amount, currency, mode}; no amount where a card is only to be kept. Said for the first time, it brings the fields.
  set amount(amount) {
    this.#amount = amount
    if (this.#fields) this.#fields.changeAmount(amount)
    else this.#mount()
  }

  // As `CardFields.token`.
  token() {
    return this.#fields.token()
  }

  // The button goes, and comes again where it has to: the focus waits at the fields.
  #retry = () => {
    this.#mount()
    this.#place.tabIndex = -1
    this.#place.focus()
  }

  async #mount() {
    this.#fields ??= new CardFields({
      stripeUrl: this.getAttribute("stripe-url"),
      publishableKey: this.getAttribute("publishable-key"),
      locale: document.documentElement.lang,
      cardAs: this.getAttribute("card-as"),
    })
    this.#showWayOut(false)
    const late = setTimeout(() => this.#showWayOut(true), PATIENCE)
    try {
      await this.#fields.mount(this.#place, this.#amount)
      this.#showWayOut(false)
      this.isReady = true
      this.dispatchEvent(new Event("card-ready", { bubbles: true }))
    } catch {
      this.#showWayOut(true)
    } finally {
      clearTimeout(late)
    }
  }

  #showWayOut(isShown) {
    this.#part("blocked").hidden = !isShown
    this.#place.classList.toggle("payment-slot--blocked", isShown)
  }

  get #place() {
    return this.querySelector("[data-testid=payment-element]")
  }

  #part(name) {
    return this.querySelector(`[data-part=${name}]`)
  }
}

customElements.define("card-slot", CardSlot)
