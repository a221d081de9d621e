// The buttons and bars over the film. They show the player's state; they hold none.
import { clockTime } from "./clock-time.js"
import { listenToKeys } from "./keyboard.js"

const element = (id) => document.getElementById(id)

export class Controls {
  #root
  #player
  #screen
  #patienceSeconds = 3
  #hiding

  constructor({ root, player, screen, facts }) {
    this.#root = root
    this.#player = player
    this.#screen = screen
    if (!facts.error) this.#prepare(facts)
    for (const event of ["ready", "asking", "play", "pause", "done", "error"]) player.addEventListener(event, this.#show)
  }

  // Offer these speeds, in their order, and whichever the film plays at.
  offerSpeeds(rates) {
    if (!Array.isArray(rates)) return
    element("speed").replaceChildren(...rates.map((rate) => new Option(`${rate}×`, rate)))
    this.#showSpeed()
    this.#player.tell("playbackrateschange", JSON.stringify(rates))
  }

  hideAfter(seconds) {
    this.#patienceSeconds = seconds
  }

  #prepare({ duration, rules, begin }) {
    const { video } = this.#player
    element("seek").max = duration
    element("seek").disabled = !rules.seek && rules.seekableEnd < 0
    element("speed").disabled = !rules.speed
    element("length").textContent = clockTime(duration)
    this.offerSpeeds(rules.rates)
    this.#listen()
    this.#offerToResume(begin.ask)
    for (const event of ["timeupdate", "seeking"]) video.addEventListener(event, this.#showTime)
    for (const event of ["waiting", "playing"]) video.addEventListener(event, this.#show)
    video.addEventListener("volumechange", this.#showVolume)
    video.addEventListener("ratechange", this.#showSpeed)
    // The big button goes when the film begins: who pressed it by key goes on at the small one.
    this.#player.addEventListener("play", () => {
      if (document.activeElement === element("start")) element("toggle").focus()
    })
    this.#player.addEventListener("screenchange", () => press(element("screen"), this.#screen.mode === "fullscreen"))
    this.#showVolume()
    this.#showTime()
  }

  #listen() {
    const player = this.#player
    element("start").addEventListener("click", () => player.play())
    element("toggle").addEventListener("click", () => player.toggle())
    element("mute").addEventListener("click", () => player.toggleMute())
    element("screen").addEventListener("click", () => this.#screen.toggle())
    element("seek").addEventListener("input", ({ target }) => player.seek(Number(target.value)))
    element("volume").addEventListener("input", ({ target }) => player.setVolume(Number(target.value)))
    element("speed").addEventListener("change", ({ target }) => player.setSpeed(Number(target.value)))
    player.video.addEventListener("click", () => player.toggle())
    player.video.addEventListener("dblclick", () => this.#screen.toggle())
    for (const event of ["pointermove", "pointerdown", "keydown", "focusin"]) {
      this.#root.addEventListener(event, this.#wake)
    }
    this.#root.addEventListener("pointerleave", () => this.#root.classList.add("idle"))
    listenToKeys(player, this.#screen)
  }

  // `t` in the link: the viewer is asked first.
  #offerToResume(seconds) {
    if (!seconds) return
    const offer = element("resume")
    offer.hidden = false
    offer.querySelector("b").textContent = clockTime(seconds)
    element("resume-here").addEventListener("click", () => this.#player.play(seconds))
    element("resume-start").addEventListener("click", () => this.#player.play(0))
    this.#player.addEventListener("play", () => (offer.hidden = true), { once: true })
  }

  #show = () => {
    const { video, isAsking, isReady, error } = this.#player
    const isWaiting = isAsking || (!video.paused && video.readyState < video.HAVE_FUTURE_DATA)
    const state = video.paused ? (video.currentTime > 0 && video.played.length ? "paused" : "ready") : "playing"
    this.#root.dataset.state = error ? "error" : isWaiting ? "waiting" : isReady ? state : "loading"
    press(element("toggle"), !video.paused)
    if (error) this.#showError(error)
    this.#wake()
  }

  #showError({ code, message }) {
    const notice = element("notice")
    notice.querySelector(".notice-text").textContent = message
    notice.querySelector("b").textContent = code
    notice.hidden = false
    element("resume").hidden = true
  }

  #showTime = () => {
    const { position, duration } = this.#player
    const seek = element("seek")
    seek.value = position
    seek.style.setProperty("--part", `${(100 * position) / duration}%`)
    seek.setAttribute("aria-valuetext", `${clockTime(position)} ${seek.dataset.of} ${clockTime(duration)}`)
    element("position").textContent = clockTime(position)
  }

  #showVolume = () => {
    const { muted, volume } = this.#player.video
    const percent = muted ? 0 : Math.round(volume * 100)
    element("volume").value = percent
    element("volume").style.setProperty("--part", `${percent}%`)
    press(element("mute"), muted || percent === 0)
  }

  #showSpeed = () => {
    const select = element("speed")
    const rate = String(this.#player.video.playbackRate)
    if (![...select.options].some(({ value }) => value === rate)) select.add(new Option(`${rate}×`, rate))
    select.value = rate
  }

  #wake = () => {
    this.#root.classList.remove("idle")
    clearTimeout(this.#hiding)
    this.#hiding = setTimeout(() => this.#root.classList.add("idle"), this.#patienceSeconds * 1000)
  }
}

// A button with two faces says what a press will do.
function press(button, isOn) {
  button.classList.toggle("pressed", isOn)
  button.setAttribute("aria-label", isOn ? button.dataset.on : button.dataset.off)
}
