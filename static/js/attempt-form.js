// A form that pays, mostly with a card that is typed into it, and shows where the attempt stands. The server alone
// decides what came of it; the form survives every refusal. Its heirs say what is sent, and what follows.

import { PendingOrder } from "pending-order"
import "card-slot"
import "choice-cards"
import "payment-challenge"

export class AttemptForm extends HTMLElement {
  isBusy = false

  connectedCallback() {
    customElements.upgrade(this) // the parts come to life before the whole speaks with them
    this.attempt = new PendingOrder(this.getAttribute("attempts-url"))
    this.attempt.addEventListener("answer", ({ detail }) => this.heed(detail))
    this.attempt.addEventListener("lost", () => this.say(this.dataset.offline, "warning"))
    this.addEventListener("submit", this.#send)
    this.addEventListener("challenge-shown", () => this.step("challenge"))
    this.addEventListener("challenge-ended", () => this.attempt.ask())
    this.addEventListener("challenge-left", this.#leaveChallenge)
  }

  disconnectedCallback() {
    this.attempt.forget()
  }

  #send = async (event) => {
    event.preventDefault()
    const wish = !this.isBusy && this.wish(event.submitter)
    if (!wish) return
    this.say("")
    this.step("checking")
    const token = this.needsCard ? await this.card.token().catch(() => "") : undefined
    if (token === null) return this.rest() // the field at fault says so itself
    if (token === "") return this.refuse(this.dataset.noToken, "warning")
    this.step("asking")
    await this.send({ ...wish, confirmation_token: token })
  }

  // What is sent beside the card; nothing while something is missing.
  wish() {
    return {}
  }

  send(order) {
    return this.attempt.send(order)
  }

  // A reload finds the attempt that was under way.
  resume() {
    const attempt = this.getAttribute("open-attempt")
    if (!attempt) return
    this.step("asking")
    this.attempt.resume(attempt)
  }

  heed({ status, body }) {
    if (body.state === "challenge") return this.challenge(body.challenge_url)
    const hadFocus = this.bank.contains(document.activeElement)
    this.bank.close()
    if (body.state === "asking") return this.wait(body.sentence, hadFocus)
    const sentence = (status !== 404 && body.sentence) || this.dataset.broken
    const isMild = body.state === "disputed" || status >= 500
    this.refuse(sentence, body.state === "open" ? "" : isMild ? "warning" : "danger", body)
  }

  challenge(url) {
    this.say("")
    this.bank.open(url)
  }

  #leaveChallenge = () => {
    this.bank.close()
    this.step("asking")
    this.button.focus()
    this.attempt.leaveChallenge()
  }

  wait(sentence, hadFocus) {
    this.step("asking")
    this.say(sentence)
    if (hadFocus) this.status.focus()
  }

  refuse(sentence, kind = "danger") {
    this.say(sentence, kind)
    this.rest()
    this.status.focus()
  }

  rest() {
    this.step("idle")
  }

  // The button stays where the focus is, and what was sent cannot be changed under it.
  step(name) {
    this.isBusy = name !== "idle"
    const isSent = name === "asking" || name === "working"
    if (isSent && this.fields?.contains(document.activeElement)) this.button.focus()
    this.fields?.toggleAttribute("inert", isSent)
    this.fields?.toggleAttribute("hidden", name === "challenge")
    this.button.setAttribute("aria-disabled", this.isBusy)
    this.button.setAttribute("aria-busy", this.isBusy)
    this.button.firstElementChild.textContent = this.button.dataset[name]
  }

  // Said again, the same sentence would be read out again.
  say(sentence, kind = "") {
    if (this.status.textContent !== sentence) this.status.textContent = sentence
    this.status.className = `notice${kind && ` notice--${kind}`}`
  }

  get choices() {
    return this.querySelector("choice-cards")
  }

  get card() {
    return this.querySelector("card-slot")
  }

  get bank() {
    return this.querySelector("payment-challenge")
  }

  // What is filled in; there may be nothing.
  get fields() {
    return this.querySelector("[data-part=fields]")
  }

  get button() {
    return this.querySelector("[data-testid=pay]")
  }

  get status() {
    return this.querySelector("[data-testid=order-status]")
  }
}
