// A card for a membership that is there already: to pay a renewal that failed, or to be charged from now on.
// The server alone decides what came of it. The form survives every refusal.

import { PendingOrder } from "pending-order"
import "card-slot"
import "choice-cards"
import "payment-challenge"

class CardForm extends HTMLElement {
  #attempt
  #isBusy = false

  connectedCallback() {
    customElements.upgrade(this) // the parts come to life before the whole speaks with them
    this.#attempt = new PendingOrder(this.getAttribute("attempts-url"))
    this.#attempt.addEventListener("answer", ({ detail }) => this.#heed(detail))
    this.#attempt.addEventListener("lost", () => this.#say(this.dataset.offline, "warning"))
    this.addEventListener("submit", this.#send)
    this.addEventListener("card-ready", () => this.#isNew && (this.#button.disabled = false))
    this.addEventListener("challenge-shown", () => this.#step("challenge"))
    this.addEventListener("challenge-ended", () => this.#attempt.ask())
    this.addEventListener("challenge-left", this.#leaveChallenge)
    this.#choices?.addEventListener("change", this.#choose)
    this.#step("idle")
    this.#choose()
    if (this.hasAttribute("open-attempt")) this.#resume(this.getAttribute("open-attempt"))
  }

  disconnectedCallback() {
    this.#attempt.forget()
  }

  #send = async (event) => {
    event.preventDefault()
    if (this.#isBusy) return
    this.#say("")
    this.#step("checking")
    const token = this.#isNew ? await this.#card.token().catch(() => "") : undefined
    if (token === null) return this.#step("idle") // the field at fault says so itself
    if (token === "") return this.#refuse(this.dataset.noToken, "warning")
    this.#step("asking")
    await this.#attempt.send({ confirmation_token: token })
  }

  #resume(attempt) {
    this.#step("asking")
    this.#attempt.resume(attempt)
  }

  #heed({ status, body }) {
    if (body.receipt_html) return this.#finish(body)
    if (body.state === "challenge") return this.#challenge(body.challenge_url)
    const hadFocus = this.#bank.contains(document.activeElement)
    this.#bank.close()
    if (body.state === "asking") return this.#wait(body.sentence, hadFocus)
    const sentence = body.sentence ?? this.dataset.broken
    this.#refuse(sentence, body.state === "open" ? "" : status >= 500 ? "warning" : "danger")
  }

  #challenge(url) {
    // A bank that takes the whole window along ends on our return page, which leads back here.
    sessionStorage.setItem("after-challenge", location.pathname)
    this.#say("")
    this.#bank.open(url)
  }

  #leaveChallenge = () => {
    this.#bank.close()
    this.#step("asking")
    this.#button.focus()
    this.#attempt.leaveChallenge()
  }

  #wait(sentence, hadFocus) {
    this.#step("asking")
    this.#say(sentence)
    if (hadFocus) this.#status.focus()
  }

  #refuse(sentence, kind = "danger") {
    sessionStorage.removeItem("after-challenge")
    this.#say(sentence, kind)
    this.#step("idle")
    this.#status.focus()
  }

  // The live region stays where it is: one that comes with its words is not read out.
  #finish({ state, sentence, receipt_html: html }) {
    sessionStorage.removeItem("after-challenge")
    const done = document.createRange().createContextualFragment(html)
    this.#bank.close()
    for (const part of [this.#fields, this.#bank, this.#button]) part.remove()
    for (const part of document.querySelectorAll("[data-ends-with-payment]")) part.remove()
    this.#say(sentence, state === "ended" ? "warning" : "success")
    this.#status.after(done)
    this.#status.focus()
    this.dispatchEvent(new CustomEvent("card-done", { bubbles: true }))
  }

  #choose = () => {
    const isNew = this.#isNew
    this.#card.hidden = !isNew
    if (!isNew) return (this.#button.disabled = false)
    this.#button.disabled = !this.#card.isReady
    const { amount, currency, mode } = this.dataset
    this.#card.amount = mode === "setup" ? { currency, mode } : { amount: Number(amount), currency, mode }
  }

  // The button stays where the focus is, and what was sent cannot be changed under it.
  #step(name) {
    this.#isBusy = name !== "idle"
    if (name === "asking" && this.#fields.contains(document.activeElement)) this.#button.focus()
    this.#fields.inert = name === "asking"
    this.#fields.hidden = name === "challenge"
    this.#button.setAttribute("aria-disabled", this.#isBusy)
    this.#button.setAttribute("aria-busy", this.#isBusy)
    this.#button.firstElementChild.textContent = this.#button.dataset[name]
  }

  // Said again, the same sentence would be read out again.
  #say(sentence, kind = "") {
    if (this.#status.textContent !== sentence) this.#status.textContent = sentence
    this.#status.className = `notice${kind && ` notice--${kind}`}`
  }

  // Whether a card is typed here, and not the one on file taken.
  get #isNew() {
    return this.#choices?.chosen.dataset.card !== "on-file"
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

  get #button() {
    return this.querySelector("[data-testid=pay]")
  }

  get #status() {
    return this.querySelector("[data-testid=order-status]")
  }
}

customElements.define("card-form", CardForm)
