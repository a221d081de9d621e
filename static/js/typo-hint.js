// Below an address: whether another one was probably meant. It is asked for once the field is left, takes the
// address's place when pressed, and is never in the way of anything else.

import { call } from "api-client"

class TypoHint extends HTMLElement {
  connectedCallback() {
    this.#field.addEventListener("change", this.#ask)
    this.#button.addEventListener("click", this.#take)
  }

  #ask = async () => {
    const email = this.#field.value
    this.#button.hidden = true
    if (!email || !this.#field.checkValidity()) return
    const { body } = await call("POST", this.getAttribute("url"), { email })
    if (!body.meant || this.#field.value !== email) return
    this.#button.value = body.meant
    this.#button.textContent = body.sentence
    this.#button.hidden = false
  }

  #take = () => {
    this.#field.value = this.#button.value
    this.#field.focus()
    this.#button.hidden = true
  }

  get #field() {
    return this.querySelector("input")
  }

  get #button() {
    return this.querySelector("button")
  }
}

customElements.define("typo-hint", TypoHint)
