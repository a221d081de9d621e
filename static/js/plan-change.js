// Changing a plan: the sum that stands on the button is charged to the card on file, or nothing is.
// The server alone decides what came of it.

import { PendingOrder } from "pending-order"
import "payment-challenge"

class PlanChange extends HTMLElement {
  #order
  #button

  connectedCallback() {
    customElements.upgrade(this)
    this.#order = new PendingOrder(this.getAttribute("orders-url"))
    this.#order.addEventListener("answer", ({ detail }) => this.#heed(detail))
    this.#order.addEventListener("lost", () => this.#say(this.dataset.offline, "warning"))
    this.addEventListener("click", this.#press)
    this.addEventListener("challenge-shown", () => this.#ask())
    this.addEventListener("challenge-ended", () => this.#order.ask())
    this.addEventListener("challenge-left", this.#leave)
    if (this.hasAttribute("open-order")) this.#resume(this.getAttribute("open-order"))
  }

  disconnectedCallback() {
    this.#order.forget()
  }

  #press = (event) => {
    const button = event.target.closest("[data-wish]")
    if (!button || button.getAttribute("aria-disabled") === "true") return
    this.#button = button
    this.#rest(false)
    this.#say(this.dataset.asking)
    this.#order.send({ wish: button.dataset.wish }, this.getAttribute("changes-url"))
  }

  #resume(order) {
    this.#rest(false)
    this.#say(this.dataset.asking)
    this.#order.resume(order)
  }

  #ask() {
    this.#say("")
    for (const each of this.#buttons) each.hidden = true
  }

  #heed({ status, body }) {
    if (body.state === "challenge") return this.#bank.open(body.challenge_url)
    this.#bank.close()
    if (body.state === "asking") return this.#say(body.sentence)
    if (body.state === "paid") return this.#finish(body)
    this.#rest(true)
    this.#say(body.sentence ?? this.dataset.broken, body.state === "open" ? "" : status >= 500 ? "warning" : "danger")
    if (body.code === "plan_stale" || body.state) this.#again.hidden = false
    this.#status.focus()
  }

  #leave = () => {
    this.#bank.close()
    this.#say(this.dataset.asking)
    this.#status.focus()
    this.#order.leaveChallenge()
  }

  // The live region stays where it is: one that comes with its words is not read out.
  #finish({ sentence }) {
    for (const part of document.querySelectorAll("[data-ends-with-payment]")) part.remove()
    this.#back.hidden = false
    this.#say(sentence, "success")
    this.#status.focus()
  }

  #rest(isIdle) {
    for (const each of this.#buttons) {
      each.setAttribute("aria-disabled", !isIdle)
      each.hidden = false
    }
    this.#button?.setAttribute("aria-busy", !isIdle)
  }

  // Said again, the same sentence would be read out again.
  #say(sentence, kind = "") {
    if (this.#status.textContent !== sentence) this.#status.textContent = sentence
    this.#status.className = `notice${kind && ` notice--${kind}`}`
  }

  get #buttons() {
    return this.querySelectorAll("[data-wish]")
  }

  get #bank() {
    return this.querySelector("payment-challenge")
  }

  get #status() {
    return this.querySelector("[data-testid=order-status]")
  }

  get #again() {
    return this.querySelector("[data-part=again]")
  }

  get #back() {
    return this.querySelector("[data-part=back]")
  }
}

customElements.define("plan-change", PlanChange)
