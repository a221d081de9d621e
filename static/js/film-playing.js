// Plays a film in its place: opens the viewing, and finds back to where it was after whatever came between. An error of
// the player becomes a sentence and one thing to do.

import { call } from "api-client"
import { ChapterList } from "chapter-list"
import { questionFor } from "following-film"
import { KollusController } from "kollus-controller"
import { PlayerBar } from "player-bar"
import { fetchParts, messageFor } from "player-messages"
import { StreamLease, whyNot } from "stream-lease"
import { Viewing } from "viewing"

const OTHER_LEAVES = 2500
const STALLED = 5_000

export class FilmPlaying {
  #player
  #bar
  #chapters
  #controller
  #ticket
  #viewing
  #position = 0
  #lastFailure
  #lostAt = -1
  #idle
  #lease
  #turn = matchMedia("(orientation: landscape)")
  #retry = () => this.open(true)
  #tookOver = false

  constructor(player) {
    this.#player = player
    this.#bar = new PlayerBar(player)
    this.#chapters = new ChapterList(document.querySelector("[data-chapters]"))
    addEventListener("online", this.#comeBack)
    addEventListener("offline", this.#goOffline)
    document.addEventListener("visibilitychange", this.#returnToView)
    addEventListener("pageshow", this.#returnToView)
    this.#turn.addEventListener("change", this.#keepInView)
  }

  // A ticket that came with the payment saves asking for one.
  begin(ticket) {
    if (ticket) this.#start(ticket, ticket.resume_seconds)
    else this.open(true)
  }

  // `instead` names the place that stops for this one.
  resume(instead) {
    this.open(true, 0, instead)
  }

  watch(instead) {
    this.open(false, 0, instead)
  }

  async open(resume, from = 0, instead = undefined) {
    this.#retry = () => this.open(resume, from)
    this.#tookOver = Boolean(instead)
    const asked = { video: this.#player.dataset.slug, resume, instead }
    const ticket = await this.#fetchTicket("POST", this.#address(""), asked)
    if (!ticket) return
    if (from && !ticket.app_url) this.#mount(ticket, from)
    else this.#start(ticket, resume ? ticket.resume_seconds : 0)
  }

  async preview() {
    this.#retry = () => this.preview()
    const ticket = await this.#fetchTicket("GET", this.#address(`preview/${this.#player.dataset.slug}/`))
    if (ticket) this.#start(ticket, 0)
  }

  // To a chapter: of the film that plays, or as its beginning.
  seek(seconds) {
    if (this.#controller && !this.#isPreview) this.#controller.play(seconds)
    else this.open(false, seconds)
  }

  // A fresh link to the same viewing, which goes on where it stopped.
  async renew() {
    if (!this.#ticket?.session) return this.#retry()
    const ticket = await this.#fetchTicket("POST", `${this.#sessionUrl}link/`)
    if (ticket) this.#mount(ticket, this.#position)
  }

  next() {
    sessionStorage.setItem("play-next", this.#stage.querySelector("[data-act=next]").dataset.slug)
  }

  stay() {
    this.#stage.querySelector(".stage__message").remove()
    this.#stage.focus({ preventScroll: true })
  }

  leave() {
    this.#stop()
    this.#bar.shrink()
    removeEventListener("online", this.#comeBack)
    removeEventListener("offline", this.#goOffline)
    document.removeEventListener("visibilitychange", this.#returnToView)
    removeEventListener("pageshow", this.#returnToView)
    this.#turn.removeEventListener("change", this.#keepInView)
  }

  #start(ticket, position) {
    this.#player.querySelector("[data-install-help]")?.removeAttribute("hidden")
    if (ticket.app_url) return import("kollus-app").then(({ handOver }) => handOver(this.#player, ticket.app_url))
    this.#position = position
    this.#mount(ticket)
  }

  async #fetchTicket(method, url, data) {
    if (this.#player.hasAttribute("aria-busy")) return null
    this.#player.setAttribute("aria-busy", "true")
    const { status, body } = await call(method, url, data)
    this.#player.removeAttribute("aria-busy")
    if (status === 200) return body
    if (status === 409) this.#say(body.code, body)
    else if (body?.code === "cannot_protect") this.#say("7001")
    else this.#say(status === 403 || status === 404 ? "no-right" : "unreachable")
    return null
  }

  // Where to go on stands in the address: a player may not heed a seek before its first play.
  #mount(ticket, goOnAt = 0) {
    this.#stop()
    this.#idle ??= [...this.#stage.childNodes].filter((each) => !each.matches?.(".stage__message"))
    this.#ticket = ticket
    const frame = document.createElement("iframe")
    frame.src = goOnAt ? `${ticket.url.replace(/&s=\d+/, "")}&s=${Math.trunc(goOnAt)}` : ticket.url
    frame.title = this.#player.dataset.title
    frame.dataset.testid = "player"
    frame.allow = "autoplay; encrypted-media; fullscreen; local-network-access"
    frame.referrerPolicy = "strict-origin-when-cross-origin"
    frame.addEventListener("load", () => this.#listen(frame), { once: true })
    this.#stage.replaceChildren(frame)
    this.#stage.focus({ preventScroll: true })
    if (!ticket.session) return
    this.#viewing = new Viewing(this.#sessionUrl, ticket.seconds)
    this.#lease = new StreamLease(this.#sessionUrl, (...why) => this.#lose(...why))
  }

  #listen(frame) {
    const controller = new KollusController(frame, this.#player.dataset.playerOrigin)
    controller.addEventListener("play", () => this.#began(), { once: true })
    controller.addEventListener("progress", ({ detail }) => this.#note(detail?.position))
    controller.addEventListener("done", () => this.#finish())
    controller.addEventListener("silent", () => this.#findAgain())
    controller.addEventListener("error", ({ detail }) => this.#fail(detail))
    this.#controller = controller
    this.#bar.attach(controller)
    this.#lease?.follow(controller)
    if (!this.#isPreview) this.#chapters.attach()
  }

  #note(position = this.#position) {
    this.#position = position
    if (!this.#isPreview) this.#chapters.mark(position)
  }

  // What may have to be said later is fetched while there is a network.
  #began() {
    this.#bar.say("begun")
    fetchParts(this.#player.dataset.messagesUrl).catch(() => {})
    this.#viewing?.start((timeLeft) => this.#bar.tellTimeLeft(timeLeft))
  }

  // Back from the background, or from sleep: the player may be gone.
  #returnToView = () => {
    if (document.hidden || !this.#controller) return
    this.#controller.ask()
    this.#viewing?.comeBack()
  }

  // A phone that was turned has scrolled somewhere else.
  #keepInView = () => {
    const show = () => this.#stage.scrollIntoView({ block: "start", behavior: "instant" })
    if (this.#bar.isPlaying) requestAnimationFrame(show)
  }

  #goOffline = () => {
    if (this.#controller) this.#bar.tell("offline")
  }

  #comeBack = () => {
    if (this.#player.querySelector("[data-remedy=reconnect]")) return this.renew()
    if (!this.#controller) return
    this.#bar.tell("online", true)
    const [controller, position] = [this.#controller, this.#position]
    if (this.#bar.isPlaying) setTimeout(() => {
      if (this.#controller === controller && this.#position === position && this.#bar.isPlaying) this.renew()
    }, STALLED)
  }

  // The frame has stopped answering: taken away by the device, for instance. The second time in one place it is an error.
  #findAgain() {
    if (this.#lostAt === this.#position) return this.#fail(1018)
    this.#lostAt = this.#position
    this.renew()
  }

  #stop() {
    this.#controller?.dispose()
    this.#controller = undefined
    this.#bar.detach()
    this.#lease?.stop()
    this.#lease = undefined
    this.#viewing?.stop()
    this.#viewing = undefined
  }

  // The end: a preview gives the poster back, a film asks whether the next one shall follow.
  async #finish() {
    if (document.fullscreenElement?.matches("iframe")) document.exitFullscreen()
    if (this.#isPreview) return this.#showPoster()
    const controller = this.#controller
    const { status, body } = await call("GET", this.#address(`following/${this.#player.dataset.slug}/`))
    if (status !== 200 || controller !== this.#controller) return
    const question = await questionFor(body, this.#player.dataset.partsUrl).catch(() => null)
    if (!question || controller !== this.#controller) return
    this.#stage.append(question)
    question.querySelector("a").focus()
  }

  #showPoster() {
    this.#stop()
    this.#ticket = undefined
    this.#stage.replaceChildren(...this.#idle)
    this.#bar.rest()
    this.#bar.say("over")
  }

  // The player's word is a number, sometimes negative, sometimes inside an object. A failed player is of no more use,
  // and taking it away also ends its full screen, which would hide the sentence.
  async #fail(detail) {
    const code = String(Math.abs(Number(detail?.code ?? detail) || 0))
    if (code === "8479" && this.#tookOver) return this.#waitForTheOther()
    this.#lose(...(await whyNot(code, this.#isPreview ? undefined : this.#sessionUrl)))
  }

  // Kollus' own block lets this player in once the other one is gone, whose page hears of it by its next sign of life.
  #waitForTheOther() {
    this.#tookOver = false
    const controller = this.#controller
    setTimeout(() => controller === this.#controller && this.renew(), OTHER_LEAVES)
  }

  // `told` is the shop's own word about a place that was lost to another one.
  #lose(code, told) {
    this.#stop()
    this.#bar.shrink()
    this.#player.querySelector("[data-testid=player]")?.remove()
    this.#say(told?.code ?? code, told)
  }

  async #say(code, told) {
    const hasFailedBefore = code === this.#lastFailure
    this.#lastFailure = code
    const { messagesUrl: url, title } = this.#player.dataset
    const message = await messageFor(code, { url, title, hasFailedBefore, told }).catch(() => this.#sayOffline())
    if (this.#controller) return // it plays again meanwhile
    const outdated = told ? ".stage__message, .stage__buttons" : ".stage__message"
    for (const old of this.#player.querySelectorAll(outdated)) old.remove()
    this.#stage.append(message)
    message.querySelector("button, a").focus()
  }

  #sayOffline() {
    return this.#player.querySelector("template").content.firstElementChild.cloneNode(true)
  }

  get #isPreview() {
    return this.#ticket?.session === ""
  }

  get #sessionUrl() {
    return this.#address(`${this.#ticket.session}/`)
  }

  #address(path) {
    return `${this.#player.dataset.openUrl}${path}`
  }

  get #stage() {
    return this.#player.querySelector(".stage")
  }
}
