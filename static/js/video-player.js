// The film's place: a poster until it may play, then Kollus' player in the same spot. The link to it is short-lived,
// so a fresh one is fetched while the page is open; an error of the player becomes a sentence and one thing to do.

import { call } from "api-client"
import { KollusController } from "kollus-controller"

class VideoPlayer extends HTMLElement {
  #controller
  #ticket
  #renewal
  #position = 0

  connectedCallback() {
    document.addEventListener("film-ready", this.#begin)
    this.addEventListener("click", ({ target }) => {
      const act = target.closest("[data-act]")?.dataset.act
      if (act === "resume" || act === "watch") this.#open({ resume: act === "resume" })
      if (act === "renew") this.#open({ resume: true })
      if (act === "reload") location.reload()
    })
  }

  disconnectedCallback() {
    document.removeEventListener("film-ready", this.#begin)
    this.#leave()
  }

  // Bought just now in this page: the stage takes over, and nothing else moves.
  #begin = ({ detail: ticket }) => {
    this.scrollIntoView({ block: "start", behavior: "instant" })
    if (ticket) this.#mount(ticket)
    else this.#open({ resume: true })
  }

  async #open({ resume }) {
    this.#showMessage("")
    this.setAttribute("aria-busy", "true")
    const { status, body } = await call("POST", this.dataset.openUrl, { video: this.dataset.slug, resume })
    this.removeAttribute("aria-busy")
    if (status === 200) return this.#mount(body)
    this.#showMessage(status === 404 ? "no-right" : "unreachable")
  }

  #mount(ticket) {
    this.#leave()
    this.#ticket = ticket
    const frame = document.createElement("iframe")
    frame.src = ticket.url
    frame.title = this.dataset.title
    frame.dataset.testid = "player"
    frame.allow = "autoplay; encrypted-media; fullscreen; local-network-access"
    frame.referrerPolicy = "strict-origin-when-cross-origin"
    frame.addEventListener("load", () => this.#listen(frame), { once: true })
    this.#stage.replaceChildren(frame)
    frame.focus({ preventScroll: true })
    this.#renewal = setInterval(this.#renew, ticket.seconds * 700)
  }

  #listen(frame) {
    const controller = new KollusController(frame, this.dataset.playerOrigin)
    controller.addEventListener("play", () => call("POST", `${this.#sessionUrl}start/`), { once: true })
    controller.addEventListener("progress", ({ detail }) => (this.#position = detail?.position ?? this.#position))
    controller.addEventListener("error", ({ detail }) => this.#showError(detail))
    this.#controller = controller
  }

  #renew = async () => {
    const { status } = await call("POST", `${this.#sessionUrl}link/`)
    if (status === 404) clearInterval(this.#renewal)
  }

  #leave() {
    this.#controller?.dispose()
    clearInterval(this.#renewal)
  }

  // The player's word is a number, sometimes negative, sometimes inside an object.
  #showError(detail) {
    this.#showMessage(String(Math.abs(Number(detail?.code ?? detail) || 0)))
  }

  #showMessage(code) {
    this.querySelector(".stage__message")?.remove()
    if (!code) return
    const errors = this.querySelector("template").content
    const known = errors.querySelector(`[data-codes~="${code}"]`) ?? errors.querySelector("[data-codes~=other]")
    const message = known.cloneNode(true)
    message.querySelector("[data-code]")?.append(` (${code})`)
    this.#stage.append(message)
    message.querySelector("button, a")?.focus()
  }

  get #sessionUrl() {
    return `${this.dataset.openUrl}${this.#ticket.session}/`
  }

  get #stage() {
    return this.querySelector(".stage")
  }
}

customElements.define("video-player", VideoPlayer)
