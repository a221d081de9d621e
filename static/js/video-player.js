// The film's place: a poster until it may play, then Kollus' player in the same spot. An error of the player becomes a
// sentence and one thing to do.

import { call } from "api-client"
import { KollusController } from "kollus-controller"

const SOON = 15_000

class VideoPlayer extends HTMLElement {
  #controller
  #ticket
  #renewal
  #position = 0
  #lastFailure
  #lease

  connectedCallback() {
    document.addEventListener("film-ready", this.#begin)
    addEventListener("online", this.#reconnect)
    this.addEventListener("click", ({ target }) => {
      const { act, session } = target.closest("[data-act]")?.dataset ?? {}
      if (act === "resume" || act === "watch") this.#open(act === "resume", session)
      if (act === "renew") this.#renew()
      if (act === "reload") location.reload()
    })
  }

  disconnectedCallback() {
    document.removeEventListener("film-ready", this.#begin)
    removeEventListener("online", this.#reconnect)
    this.#leave()
  }

  // Bought just now in this page: the stage takes over, and nothing else moves.
  #begin = ({ detail: ticket }) => {
    this.scrollIntoView({ block: "start", behavior: "instant" })
    if (ticket) this.#start(ticket, true)
    else this.#open(true)
  }

  async #open(resume, instead) {
    const ticket = await this.#fetchTicket(this.dataset.openUrl, { video: this.dataset.slug, resume, instead })
    if (ticket) this.#start(ticket, resume)
  }

  #start(ticket, resume) {
    this.querySelector("[data-install-help]")?.removeAttribute("hidden")
    if (ticket.app_url) return import("kollus-app").then(({ handOver }) => handOver(this, ticket.app_url))
    this.#position = resume ? ticket.resume_seconds : 0
    this.#mount(ticket)
  }

  // A fresh link to the same viewing, which goes on where it stopped.
  async #renew() {
    if (!this.#ticket) return this.#open(true)
    const ticket = await this.#fetchTicket(`${this.#sessionUrl}link/`)
    if (ticket) this.#mount(ticket, this.#position)
  }

  #reconnect = () => {
    if (this.querySelector("[data-remedy=reconnect]")) this.#renew()
  }

  async #fetchTicket(url, data) {
    if (this.hasAttribute("aria-busy")) return null
    this.setAttribute("aria-busy", "true")
    const { status, body } = await call("POST", url, data)
    this.removeAttribute("aria-busy")
    if (status === 200) return body
    if (status === 409) this.#say(body.code, body)
    else this.#say(status === 403 || status === 404 ? "no-right" : "unreachable")
    return null
  }

  #mount(ticket, goOnAt = 0) {
    this.#leave()
    this.#ticket = ticket
    const frame = document.createElement("iframe")
    frame.src = ticket.url
    frame.title = this.dataset.title
    frame.dataset.testid = "player"
    frame.allow = "autoplay; encrypted-media; fullscreen; local-network-access"
    frame.referrerPolicy = "strict-origin-when-cross-origin"
    frame.addEventListener("load", () => this.#listen(frame, goOnAt), { once: true })
    this.#stage.replaceChildren(frame)
    frame.focus({ preventScroll: true })
    this.#keepFresh(ticket.seconds * 700)
    const url = this.#sessionUrl
    this.#lease = import("stream-lease").then(({ StreamLease }) => new StreamLease(url, (...why) => this.#stop(...why)))
  }

  #listen(frame, goOnAt) {
    const controller = new KollusController(frame, this.dataset.playerOrigin)
    if (goOnAt) controller.addEventListener("ready", () => controller.play(goOnAt), { once: true })
    controller.addEventListener("play", () => this.#began(), { once: true })
    controller.addEventListener("progress", ({ detail }) => (this.#position = detail?.position ?? this.#position))
    controller.addEventListener("error", ({ detail }) => this.#fail(detail))
    this.#controller = controller
    this.#lease.then((lease) => lease.follow(controller))
  }

  // A rental's hours begin; and what may have to be said later is fetched while there is a network.
  #began() {
    call("POST", `${this.#sessionUrl}start/`)
    import("player-messages").then(({ fetchMessages }) => fetchMessages(this.dataset.messagesUrl)).catch(() => {})
  }

  // The link is short-lived: well before it ends the shop is told that this page still watches.
  #keepFresh(milliseconds) {
    this.#renewal = setTimeout(async () => {
      const ticket = this.#ticket
      const { status } = await call("POST", `${this.#sessionUrl}link/`)
      if (ticket !== this.#ticket || !this.#controller || status === 403 || status === 404) return
      this.#keepFresh(status === 200 ? milliseconds : SOON)
    }, milliseconds)
  }

  #leave() {
    this.#controller?.dispose()
    this.#controller = undefined
    clearTimeout(this.#renewal)
    this.#lease?.then((lease) => lease.stop())
    this.#lease = undefined
  }

  // The player's word is a number, sometimes negative, sometimes inside an object. A failed player is of no more use,
  // and taking it away also ends its full screen, which would hide the sentence.
  async #fail(detail) {
    const code = String(Math.abs(Number(detail?.code ?? detail) || 0))
    const { whyNot } = await import("stream-lease")
    this.#stop(code, await whyNot(code, this.#sessionUrl))
  }

  #stop(code, told) {
    this.#leave()
    this.querySelector("[data-testid=player]")?.remove()
    this.#say(told?.code ?? code, told)
  }

  async #say(code, told) {
    const hasFailedBefore = code === this.#lastFailure
    this.#lastFailure = code
    const { messagesUrl: url, title } = this.dataset
    const message = await import("player-messages")
      .then(({ messageFor }) => messageFor(code, { url, title, hasFailedBefore, told }))
      .catch(() => this.querySelector("template").content.firstElementChild.cloneNode(true)) // there is no network
    if (this.#controller) return // it plays again meanwhile
    for (const old of this.querySelectorAll(told ? ".stage__message, .stage__buttons" : ".stage__message")) old.remove()
    this.#stage.append(message)
    message.querySelector("button, a").focus()
  }

  get #sessionUrl() {
    return `${this.dataset.openUrl}${this.#ticket.session}/`
  }

  get #stage() {
    return this.querySelector(".stage")
  }
}

customElements.define("video-player", VideoPlayer)
