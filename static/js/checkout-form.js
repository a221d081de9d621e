// Paying: a card becomes a token, our server does the rest, and this form shows where it stands.
// The server alone decides that something was paid. The form survives every refusal.

import { call } from "api-client"
import { PendingOrder } from "pending-order"
import { timeZone } from "time-zone"
import "card-slot"
import "choice-cards"
import "coupon-field"
import "payment-challenge"

// The panel has changed since it was shown: its price, its session, or whose the film is.
const STALE = new Set(["quote_expired", "session_lost", "bad_quote", "already_yours", "coupon_gone", "terms_changed", "trial_gone"])

class CheckoutForm extends HTMLElement {
  #order
  #isBusy = false
  #words

  connectedCallback() {
    customElements.upgrade(this) // the parts come to life before the whole speaks with them
    this.#order = new PendingOrder(this.getAttribute("orders-url"))
    this.#order.addEventListener("answer", ({ detail }) => this.#heed(detail))
    this.#order.addEventListener("lost", () => this.#say(this.dataset.offline, "warning"))
    this.#order.addEventListener("work", () => this.#work())
    this.#order.addEventListener("worked", () => this.#wait(""))
    this.addEventListener("submit", this.#pay)
    this.addEventListener("card-ready", () => (this.#button.disabled = false))
    this.addEventListener("challenge-shown", () => this.#step("challenge"))
    this.addEventListener("challenge-ended", () => this.#order.ask())
    this.addEventListener("challenge-left", this.#leaveChallenge)
    this.#choices.addEventListener("change", this.#showAmount)
    this.querySelector("[data-part=mail-link]").addEventListener("click", this.#mailLink)
    this.#showAmount()
    if (this.hasAttribute("open-order")) this.#resume(this.getAttribute("open-order"))
  }

  disconnectedCallback() {
    this.#order.forget()
  }

  // What was typed and chosen, for the form that takes this one's place.
  remember() {
    const agreed = this.#box?.checked && this.#words
    return { email: this.#email?.value, kind: this.#choice.dataset.kind, agreed }
  }

  recall({ email, kind, agreed }, sentence) {
    if (this.#email) this.#email.value = email ?? ""
    this.#choices.choose(this.querySelector(`[role=radio][data-kind="${kind}"]`))
    if (this.#box) this.#box.checked = Boolean(agreed) && this.#words === agreed
    if (sentence) this.#refuse(sentence, "warning")
  }

  rest() {
    this.#step("idle")
  }

  #pay = async (event) => {
    event.preventDefault()
    if (this.#isBusy || !this.#emailIsFine() || !this.#boxIsFine()) return
    const { quote } = this.#choice.dataset
    this.#say("")
    this.#step("checking")
    const token = this.#isFree ? undefined : await this.#card.token().catch(() => "")
    if (token === null) return this.rest() // the field at fault says so itself
    if (token === "") return this.#refuse(this.dataset.noToken, "warning")
    this.#step("asking")
    await this.#order.send({
      quote,
      confirmation_token: token,
      email: this.#email?.value,
      time_zone: timeZone(),
      has_agreed: this.#box?.checked,
    })
  }

  #resume(order) {
    this.#step("asking")
    this.#order.resume(order)
  }

  #heed({ status, body }) {
    if (STALE.has(body.code)) return this.#emit("checkout-stale", { sentence: body.sentence })
    if (body.decline_code === "trial_used") return this.#emit("checkout-stale", { sentence: body.sentence })
    if (body.state === "paid") return this.#emit("checkout-paid", { receipt: body.receipt_html, ticket: body.playback })
    if (body.state === "challenge") return this.#challenge(body.challenge_url)
    const hadFocus = this.#bank.contains(document.activeElement)
    this.#bank.close()
    if (body.state === "asking") return this.#wait(body.sentence, hadFocus)
    if (body.fields?.includes("email")) return this.#refuseField(this.#email, body.sentence)
    if (body.code === "consent" && this.#box) return this.#refuseField(this.#box, body.sentence)
    const sentence = status === 404 ? this.dataset.broken : body.sentence
    this.#refuse(sentence ?? this.dataset.broken, body.state === "open" ? "" : body.state === "disputed" || status >= 500 ? "warning" : "danger")
  }

  #work() {
    this.#step("working")
    this.#say(this.dataset.crowded)
  }

  #challenge(url) {
    this.#say("")
    this.#bank.open(url)
  }

  #leaveChallenge = () => {
    this.#bank.close()
    this.#step("asking")
    this.#button.focus()
    this.#order.leaveChallenge()
  }

  #wait(sentence, hadFocus) {
    this.#step("asking")
    this.#say(sentence)
    if (hadFocus) this.#status.focus()
  }

  #refuse(sentence, kind = "danger") {
    this.#say(sentence, kind)
    this.rest()
    this.#status.focus()
  }

  #emailIsFine() {
    if (!this.#email || this.#email.checkValidity()) return true
    this.#refuseField(this.#email, this.#email.dataset.hint)
    return false
  }

  // Nothing is asked of Stripe before: a refusal costs no card entry.
  #boxIsFine() {
    if (!this.#box || this.#box.checked || this.#consent.hidden) return true
    this.#refuseField(this.#box, this.#box.dataset.hint)
    return false
  }

  #refuseField(field, sentence) {
    this.#refuse(sentence)
    field.setAttribute("aria-invalid", "true")
    field.focus()
  }

  #mailLink = async () => {
    if (!this.#emailIsFine()) return
    const { kind, slug } = this.dataset
    const email = this.#email?.value ?? this.dataset.email
    const { body } = await call("POST", this.getAttribute("links-url"), { email, kind, slug })
    this.#say(body.sentence ?? this.dataset.broken)
  }

  #showAmount = () => {
    const { kind, price, amount, currency, mode = "payment", button } = this.#choice.dataset
    for (const line of this.querySelectorAll("[data-for-kind]")) line.hidden = line.dataset.forKind !== kind
    this.#changeWords(kind)
    const paying = button ?? this.dataset.payText.replace("{amount}", price)
    this.#button.dataset.idle = this.#isFree ? this.dataset.freeText : paying
    if (!this.#isBusy) this.#step("idle")
    this.#card.hidden = this.#isFree
    if (this.#box) this.#consent.hidden = this.#isFree || !this.querySelector(`#notice-${kind}`)
    if (this.#isFree) this.#button.disabled = false
    else this.#card.amount = { amount: Number(amount), currency, mode }
  }

  // What was ticked stays ticked only as long as the same words stand beside it.
  #changeWords(kind) {
    const words = this.querySelector(`.consent__box [data-for-kind="${kind}"]`)?.textContent
    if (this.#box && words !== this.#words) this.#box.checked = false
    this.#words = words
  }

  // A coupon may leave nothing to pay: then there is no card, and Stripe is not asked for one.
  get #isFree() {
    return Number(this.#choice.dataset.amount) === 0
  }

  // The button stays where the focus is, and what was sent cannot be changed under it.
  #step(name) {
    this.#isBusy = name !== "idle"
    const isSent = name === "asking" || name === "working"
    if (isSent && this.#fields.contains(document.activeElement)) this.#button.focus()
    this.#fields.inert = isSent
    this.#fields.hidden = name === "challenge"
    if (name === "checking") for (const each of [this.#email, this.#box]) each?.removeAttribute("aria-invalid")
    this.#button.setAttribute("aria-disabled", this.#isBusy)
    this.#button.setAttribute("aria-busy", this.#isBusy)
    this.#button.firstElementChild.textContent = this.#button.dataset[name]
  }

  // Said again, the same sentence would be read out again.
  #say(sentence, kind = "") {
    if (this.#status.textContent !== sentence) this.#status.textContent = sentence
    this.#status.className = `notice${kind && ` notice--${kind}`}`
  }

  #emit(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true }))
  }

  get #choice() {
    return this.#choices.chosen
  }

  get #choices() {
    return this.querySelector("choice-cards")
  }

  get #card() {
    return this.querySelector("card-slot")
  }

  get #bank() {
    return this.querySelector("payment-challenge")
  }

  get #fields() {
    return this.querySelector("[data-part=fields]")
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

  get #button() {
    return this.querySelector("[data-testid=pay]")
  }

  get #status() {
    return this.querySelector("[data-testid=order-status]")
  }
}

customElements.define("checkout-form", CheckoutForm)
