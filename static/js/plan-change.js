// Changing a plan: the sum that stands on the button is charged to the card on file, or nothing is.

import { AttemptForm } from "attempt-form"

class PlanChange extends AttemptForm {
  needsCard = false
  #pressed

  connectedCallback() {
    super.connectedCallback()
    for (const each of this.#buttons) each.disabled = false
    this.resume()
  }

  wish(button) {
    this.#pressed = button
    return { wish: button.dataset.wish }
  }

  send(order) {
    return this.attempt.send(order, this.getAttribute("changes-url"))
  }

  heed(answer) {
    return answer.body.state === "paid" ? this.#finish(answer.body) : super.heed(answer)
  }

  refuse(sentence, kind, { state, code } = {}) {
    super.refuse(sentence, kind)
    if (state || code === "plan_stale") this.querySelector("[data-part=again]").hidden = false
  }

  step(name) {
    super.step(name)
    for (const each of this.#buttons) each.setAttribute("aria-disabled", this.isBusy)
  }

  // The live region stays where it is: one that comes with its words is not read out.
  #finish({ sentence }) {
    this.bank.close()
    for (const part of document.querySelectorAll("[data-ends-with-payment]")) part.remove()
    this.querySelector("[data-part=back]").hidden = false
    this.say(sentence, "success")
    this.status.focus()
  }

  get button() {
    return this.#pressed ?? this.#buttons[0]
  }

  get #buttons() {
    return this.querySelectorAll("[data-wish]")
  }
}

customElements.define("plan-change", PlanChange)
