// Paying: a card becomes a token, our server does the rest, and this form shows where it stands.
// The server alone decides that something was paid. The form survives every refusal.

import { call, pause } from "api-client"
import { CardFields } from "card-fields"
import "payment-challenge"

const ASK_AGAIN = 1500
const STALE = new Set(["quote_expired", "session_lost", "bad_quote"])

class CheckoutForm extends HTMLElement {
  #card
  #order = ""
  #isBusy = false
  #isWaiting = false

  connectedCallback() {
    this.addEventListener("submit", this.#pay)
    this.addEventListener("change", this.#showAmount)
    this.addEventListener("challenge-ended", () => this.#askNow())
    this.addEventListener("challenge-shown", () => this.#step("challenge"))
    this.addEventListener("challenge-left", this.#useAnotherCard)
    this.#part("retry").addEventListener("click", () => this.#mountCard())
    this.#part("mail-link").addEventListener("click", this.#mailLink)
    this.#showAmount()
    this.#mountCard()
    if (this.getAttribute("open-order")) this.#resume(this.getAttribute("open-order"))
  }

  // What was typed and chosen, for the panel that takes this one's place.
  remember() {
    return { email: this.#email?.value, offer: this.#choice.dataset.kind }
  }

  recall(kept, sentence) {
    if (kept?.email && this.#email) this.#email.value = kept.email
    const card = kept && this.querySelector(`[role=radio][data-kind="${kept.offer}"]`)
    if (card) this.querySelector("choice-cards").choose(card)
    if (sentence) this.#say(sentence, "warning")
  }

  async #mountCard() {
    const place = this.querySelector("[data-testid=payment-element]")
    this.#show("blocked", false)
    place.hidden = false
    this.#card ??= new CardFields({
      stripeUrl: this.getAttribute("stripe-url"),
      publishableKey: this.getAttribute("publishable-key"),
      locale: document.documentElement.lang,
      cardAs: this.getAttribute("card-as"),
    })
    try {
      place.replaceChildren()
      await this.#card.mount(place, this.#amount)
      if (!this.#isBusy) this.#button.disabled = false
    } catch {
      place.hidden = true
      this.#show("blocked", true)
    }
  }

  #pay = async (event) => {
    event.preventDefault()
    if (this.#isBusy || !this.#emailIsFine()) return
    this.#step("checking")
    const token = await this.#card.token().catch(() => null)
    if (!token) return this.#step("idle")
    this.#step("asking")
    await this.#send({
      quote: this.#choice.dataset.quote,
      confirmation_token: token,
      email: this.#email?.value,
      time_zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    })
  }

  // The same order sent twice is one order, so an answer that was lost on the way is simply asked for again.
  async #send(order) {
    for (let tries = 0; this.isConnected; tries += 1) {
      const answer = await call("POST", this.getAttribute("orders-url"), order)
      if (answer.status !== 0) return this.#heed(answer)
      this.#say(this.dataset.offline, "warning")
      await pause(Math.min(1000 * 2 ** tries, 8000))
    }
  }

  #heed({ status, body }) {
    if (STALE.has(body.code)) return this.#emit("checkout-stale", { sentence: body.sentence })
    if (body.code === "already_yours") return this.#emit("checkout-paid", { receipt: this.#part("yours").innerHTML })
    this.#order = body.order ?? this.#order
    if (body.state === "paid") return this.#finish(body)
    if (body.state === "challenge") return this.#challenge(body)
    if (body.state === "asking") return this.#wait(body.sentence)
    this.#endChallenge()
    this.#say(body.sentence ?? this.dataset.broken, status >= 500 ? "warning" : "danger")
    this.#step("idle")
    this.#status.focus()
  }

  #finish({ receipt_html: receipt, playback: ticket }) {
    this.#endChallenge()
    this.#emit("checkout-paid", { receipt, ticket })
  }

  #challenge({ challenge_url: url }) {
    this.querySelector("payment-challenge").hidden = false
    this.querySelector("payment-challenge").open(url)
    return this.#wait("")
  }

  #endChallenge() {
    this.querySelector("payment-challenge").close()
    this.#show("fields", true)
  }

  // Asks where the order stands until that is decided; one round of asking, however many ask for it.
  async #wait(sentence) {
    if (sentence) this.#say(sentence)
    if (this.#isWaiting) return
    this.#isWaiting = true
    await pause(ASK_AGAIN)
    this.#isWaiting = false
    if (this.isConnected) await this.#askNow()
  }

  async #askNow() {
    const answer = await call("GET", this.#orderUrl)
    if (answer.status === 0 || answer.status >= 500) return this.#wait(this.dataset.offline)
    return this.#heed(answer)
  }

  #resume(order) {
    this.#order = order
    this.#step("asking")
    this.#askNow()
  }

  #useAnotherCard = async () => {
    this.#heed(await call("POST", `${this.#orderUrl}another-card/`))
  }

  #mailLink = async () => {
    if (!this.#emailIsFine()) return
    const { kind, slug } = this.dataset
    const email = this.#email?.value ?? this.dataset.email
    const { body } = await call("POST", this.getAttribute("links-url"), { email, kind, slug })
    this.#say(body.sentence ?? this.dataset.broken)
  }

  #showAmount = () => {
    this.#button.dataset.idle = this.dataset.payText.replace("{amount}", this.#choice.dataset.price)
    for (const line of this.querySelectorAll("[data-for-kind]")) line.hidden = line.dataset.forKind !== this.#choice.dataset.kind
    if (!this.#isBusy) this.#button.querySelector("span").textContent = this.#button.dataset.idle
    this.#card?.changeAmount(this.#amount)
  }

  #emailIsFine() {
    if (!this.#email || this.#email.checkValidity()) return true
    this.#email.setAttribute("aria-invalid", "true")
    this.#say(this.#email.dataset.hint, "danger")
    this.#email.focus()
    return false
  }

  #step(name) {
    this.#isBusy = name !== "idle"
    this.#button.disabled = this.#isBusy
    this.#button.setAttribute("aria-busy", this.#isBusy)
    this.#button.querySelector("span").textContent = this.#button.dataset[name]
    this.querySelector("choice-cards").toggleAttribute("disabled", this.#isBusy)
    if (name === "checking") this.#email?.removeAttribute("aria-invalid")
    if (name !== "idle" && name !== "challenge") this.#say("")
    this.#show("fields", name !== "challenge")
  }

  #say(sentence, kind = "") {
    this.#status.textContent = sentence
    this.#status.className = `notice${kind && ` notice--${kind}`}`
  }

  #show(part, isShown) {
    this.#part(part).hidden = !isShown
  }

  #emit(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true }))
  }

  #part(name) {
    return this.querySelector(`[data-part=${name}]`)
  }

  get #amount() {
    return { amount: Number(this.#choice.dataset.amount), currency: this.#choice.dataset.currency }
  }

  get #choice() {
    return this.querySelector("choice-cards").chosen ?? this.querySelector("[role=radio]")
  }

  get #email() {
    return this.querySelector("[data-testid=email]")
  }

  get #button() {
    return this.querySelector("[data-testid=pay]")
  }

  get #status() {
    return this.querySelector("[data-testid=order-status]")
  }

  get #orderUrl() {
    return `${this.getAttribute("orders-url")}${this.#order}/`
  }
}

customElements.define("checkout-form", CheckoutForm)
