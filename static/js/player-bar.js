// The buttons under a film, and what its keys do. They show what the player says of itself, and hold nothing else.

import { CaptionChoice } from "caption-choice"
import { listenToKeys } from "player-keys"
import { fetchParts } from "player-messages"
import { PlayerScreen } from "player-screen"
import { SpeedChoice } from "speed-choice"

const LOUDER = 10
const READ_IN = 4000

export class PlayerBar {
  isPlaying = false
  #player
  #controller
  #words
  #unsaid
  #speeds = new SpeedChoice((...said) => this.say(...said))
  #captions = new CaptionChoice((...said) => this.say(...said))
  #screen
  #volume = 100
  #isMuted = false
  #timeLeft = ""
  #idle
  #acts = {
    " ": () => (this.isPlaying ? this.#controller.pause() : this.#controller.play()),
    ArrowLeft: () => this.#jump("back"),
    ArrowRight: () => this.#jump("on"),
    ArrowUp: () => this.#controller.setVolume(this.#volume + LOUDER),
    ArrowDown: () => this.#controller.setVolume(this.#volume - LOUDER),
    m: () => this.#controller.mute(),
    f: () => this.#screen.toggle() || this.#controller.toggleScreen(),
    c: () => this.#captions.toggle(),
    "<": () => this.#speeds.change(-1),
    ">": () => this.#speeds.change(1),
    "?": () => this.#toggleKeys(),
  }

  constructor(player) {
    this.#player = player
    this.#screen = new PlayerScreen(player, () => this.#showScreen())
    this.#idle = [...this.#place.childNodes]
    const act = (key) => this.#controller && this.#acts[key]?.()
    listenToKeys([player, document.querySelector("[data-chapters]")], Object.keys(this.#acts), act)
    this.#place.addEventListener("click", ({ target }) => act(target.closest("[data-key]")?.dataset.key))
  }

  // The texts come once; without them the film plays all the same, and the player has buttons of its own.
  attach(controller) {
    this.#controller = controller
    const heed = (name, act) => controller.addEventListener(name, ({ detail }) => act(detail))
    heed("play", () => this.#showPlaying(true))
    for (const name of ["pause", "done"]) heed(name, () => this.#showPlaying(false))
    heed("volumechange", (percent) => this.#hearVolume(percent))
    heed("muted", (isMuted) => this.#hearMuted(isMuted))
    this.#speeds.attach(controller)
    this.#captions.attach(controller)
    fetchParts(this.#player.dataset.partsUrl).then((parts) => this.#dress(parts), () => {})
  }

  detach() {
    this.#controller = undefined
    this.isPlaying = false
    this.#timeLeft = ""
    this.#place.replaceChildren()
    delete this.#place.dataset.state
    this.#stage.removeAttribute("aria-describedby")
  }

  // As it was before anything played; the way to what it offers has the focus.
  rest() {
    this.shrink()
    this.#place.replaceChildren(...this.#idle)
    this.#place.querySelector("button")?.focus({ preventScroll: true })
  }

  // Without buttons nobody finds out of a filled window.
  shrink() {
    this.#screen.shrink()
  }

  // Read out, not shown. What is to be said before the words have come is said then.
  say(word, n = "") {
    const text = this.#words?.querySelector(`[data-word=${word}]`).textContent.replace("{n}", n)
    if (text) this.#said.textContent = text
    else this.#unsaid = [word, n]
  }

  // Read out and shown in the place of the time left.
  tell(word, isPassing) {
    this.say(word)
    this.#show(this.#said.textContent)
    if (isPassing) setTimeout(() => this.#show(this.#timeLeft), READ_IN)
  }

  tellTimeLeft(text) {
    this.#timeLeft = text
    this.#show(text)
  }

  // Nothing is shown undressed: the sheet comes first, once.
  #dress(parts) {
    const sheet = parts.querySelector("link")
    if (!sheet) return this.#build(parts)
    for (const event of ["load", "error"]) sheet.addEventListener(event, () => this.#build(parts), { once: true })
    document.head.append(sheet)
  }

  #build(parts) {
    if (!this.#controller || this.#part("toggle")) return
    this.#words = parts.querySelector("template[data-part=words]").content
    this.#place.replaceChildren(parts.querySelector("template[data-part=bar]").content.cloneNode(true))
    this.#speeds.show(this.#part("speed"))
    this.#captions.show(this.#part("captions"))
    this.#showPlaying(this.isPlaying)
    this.#showScreen()
    this.#show(this.#timeLeft)
    this.#stage.setAttribute("aria-describedby", "player-keys")
    if (this.#unsaid) this.say(...this.#unsaid)
  }

  #showPlaying(isPlaying) {
    const isNews = isPlaying !== this.isPlaying
    this.isPlaying = isPlaying
    this.#place.dataset.state = isPlaying ? "playing" : "paused"
    const button = this.#part("toggle")
    button?.setAttribute("aria-label", isPlaying ? button.dataset.pause : button.dataset.play)
    if (isNews && button) this.say(isPlaying ? "playing" : "paused")
  }

  #hearVolume(percent) {
    if (percent !== this.#volume) this.say("volume", percent)
    this.#volume = percent
  }

  #hearMuted(isMuted) {
    if (isMuted !== this.#isMuted) this.say(isMuted ? "muted" : "heard")
    this.#isMuted = isMuted
  }

  #jump(way) {
    if (way === "on") this.#controller.forward()
    else this.#controller.rewind()
    this.say(way)
  }

  #showScreen() {
    this.#part("screen")?.setAttribute("aria-pressed", this.#screen.isLarge)
  }

  #toggleKeys() {
    const list = this.#place.querySelector("#player-keys")
    if (!list) return
    list.hidden = !list.hidden
    this.#place.querySelector("[aria-controls=player-keys]").setAttribute("aria-expanded", !list.hidden)
    if (!list.hidden) this.#said.textContent = list.textContent
  }

  #show(text) {
    const note = this.#part("note")
    if (note) note.textContent = text
  }

  #part(name) {
    return this.#place.querySelector(`[data-part=${name}]`)
  }

  get #place() {
    return this.#player.querySelector(".player-bar")
  }

  get #said() {
    return this.#player.querySelector("[data-part=said]")
  }

  get #stage() {
    return this.#player.querySelector(".stage")
  }
}
