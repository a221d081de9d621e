// Paying: a card becomes a token, our server does the rest, and this form shows where it stands.

import { call } from "api-client"
import { AttemptForm } from "attempt-form"
import { timeZone } from "time-zone"
import "coupon-field"
import "typo-hint"

// The panel has changed since it was shown: its price, its session, or whose the film is.
const STALE = new Set(["quote_expired", "session_lost", "bad_quote", "already_yours", "coupon_gone", "terms_changed", "trial_gone"])

class CheckoutForm extends AttemptForm {
  #words

  connectedCallback() {
    super.connectedCallback()
    this.attempt.addEventListener("work", this.#work)
    this.attempt.addEventListener("worked", () => this.wait(""))
    this.addEventListener("card-ready", () => (this.button.disabled = false))
    this.choices.addEventListener("change", this.#showAmount)
    this.querySelector("[data-part=mail-link]").addEventListener("click", this.#mailLink)
    this.#showAmount()
    this.resume()
  }

  // What was typed and chosen, for the form that takes this one's place.
  remember() {
    const agreed = this.#box?.checked && this.#words
    return { email: this.#email?.value, kind: this.#choice.dataset.kind, agreed }
  }

  recall({ email, kind, agreed }, sentence) {
    if (this.#email) this.#email.value = email ?? ""
    this.choices.choose(this.querySelector(`[role=radio][data-kind="${kind}"]`))
    if (this.#box) this.#box.checked = Boolean(agreed) && this.#words === agreed
    if (sentence) this.refuse(sentence, "warning")
  }

  wish() {
    if (!this.#emailIsFine() || !this.#boxIsFine()) return
    return {
      quote: this.#choice.dataset.quote,
      email: this.#email?.value,
      time_zone: timeZone(),
      has_agreed: this.#box?.checked,
    }
  }

  heed(answer) {
    const { body } = answer
    if (STALE.has(body.code) || body.decline_code === "trial_used") return this.#emit("checkout-stale", { sentence: body.sentence })
    if (body.state === "paid") return this.#emit("checkout-paid", { receipt: body.receipt_html, ticket: body.playback })
    super.heed(answer)
  }

  refuse(sentence, kind, { fields, code } = {}) {
    super.refuse(sentence, kind)
    if (fields?.includes("email")) this.#blame(this.#email)
    else if (code === "consent" && this.#box) this.#blame(this.#box)
  }

  step(name) {
    if (name === "checking") for (const each of [this.#email, this.#box]) each?.removeAttribute("aria-invalid")
    super.step(name)
  }

  #work = () => {
    this.step("working")
    this.say(this.dataset.crowded)
  }

  #emailIsFine() {
    return !this.#email || this.#email.checkValidity() || this.#blame(this.#email, this.#email.dataset.hint)
  }

  // Nothing is asked of Stripe before: a refusal costs no card entry.
  #boxIsFine() {
    return !this.#box || this.#box.checked || this.#consent.hidden || this.#blame(this.#box, this.#box.dataset.hint)
  }

  #blame(field, sentence) {
    if (sentence) this.refuse(sentence)
    field.setAttribute("aria-invalid", "true")
    field.focus()
  }

  #mailLink = async () => {
    if (!this.#emailIsFine()) return
    const { kind, slug } = this.dataset
    const email = this.#email?.value ?? this.dataset.email
    const { body } = await call("POST", this.getAttribute("links-url"), { email, kind, slug })
    this.say(body.sentence ?? this.dataset.broken)
  }

  #showAmount = () => {
    const { kind, price, amount, currency, mode = "payment", button } = this.#choice.dataset
    const isFree = !this.needsCard
    for (const line of this.querySelectorAll("[data-for-kind]")) line.hidden = line.dataset.forKind !== kind
    this.#changeWords(kind)
    const paying = button ?? this.dataset.payText.replace("{amount}", price)
    this.button.dataset.idle = isFree ? this.dataset.freeText : paying
    if (!this.isBusy) this.rest()
    this.card.hidden = isFree
    if (this.#box) this.#consent.hidden = isFree || !this.querySelector(`#notice-${kind}`)
    if (isFree) this.button.disabled = false
    else this.card.amount = { amount: Number(amount), currency, mode }
  }

  // What was ticked stays ticked only as long as the same words stand beside it.
  #changeWords(kind) {
    const words = this.querySelector(`.consent__box [data-for-kind="${kind}"]`)?.textContent
    if (this.#box && words !== this.#words) this.#box.checked = false
    this.#words = words
  }

  #emit(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true }))
  }

  // A coupon may leave nothing to pay: then there is no card, and Stripe is not asked for one.
  get needsCard() {
    return Number(this.#choice.dataset.amount) !== 0
  }

  get #choice() {
    return this.choices.chosen
  }

  get #email() {
    return this.querySelector("[data-testid=email]")
  }

  // Only for the kinds of offer that the law's words are about.
  get #consent() {
    return this.querySelector("[data-part=consent]")
  }

  // Where the buyer's law wants his word; elsewhere there is none.
  get #box() {
    return this.querySelector("[data-testid=consent]")
  }
}

customElements.define("checkout-form", CheckoutForm)
