// A card for a membership that is there already: to pay a renewal that failed, or to be charged from now on.

import { AttemptForm } from "attempt-form"

class CardForm extends AttemptForm {
  connectedCallback() {
    super.connectedCallback()
    this.addEventListener("card-ready", () => this.needsCard && (this.button.disabled = false))
    this.choices?.addEventListener("change", this.#choose)
    this.rest()
    this.#choose()
    this.resume()
  }

  heed(answer) {
    return answer.body.receipt_html ? this.#finish(answer.body) : super.heed(answer)
  }

  challenge(url) {
    // A bank that takes the whole window along ends on our return page, which leads back here.
    sessionStorage.setItem("after-challenge", location.pathname)
    super.challenge(url)
  }

  refuse(sentence, kind) {
    sessionStorage.removeItem("after-challenge")
    super.refuse(sentence, kind)
  }

  // The live region stays where it is: one that comes with its words is not read out.
  #finish({ state, sentence, receipt_html: html }) {
    sessionStorage.removeItem("after-challenge")
    const done = document.createRange().createContextualFragment(html)
    this.bank.close()
    for (const part of [this.fields, this.bank, this.button]) part.remove()
    for (const part of document.querySelectorAll("[data-ends-with-payment]")) part.remove()
    this.say(sentence, state === "ended" ? "warning" : "success")
    this.status.after(done)
    this.status.focus()
    this.dispatchEvent(new CustomEvent("card-done", { bubbles: true }))
  }

  #choose = () => {
    this.card.hidden = !this.needsCard
    if (!this.needsCard) return (this.button.disabled = false)
    this.button.disabled = !this.card.isReady
    const { amount, currency, mode } = this.dataset
    this.card.amount = mode === "setup" ? { currency, mode } : { amount: Number(amount), currency, mode }
  }

  // Whether a card is typed here, and not the one on file taken.
  get needsCard() {
    return this.choices?.chosen.dataset.card !== "on-file"
  }
}

customElements.define("card-form", CardForm)
