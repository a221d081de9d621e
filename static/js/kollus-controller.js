// Speaks Kollus' controller protocol with the player in a frame: JSON strings {event_name, uid, data}, ours begin
// with c_, the player's with e_. What it hears it dispatches: ready, play, pause, progress, done, error… and "silent"
// where a player that has answered until now does no more.
// Source: https://docs.kollus.com/en/dev-guide/vod/player/web-player-controller/

const KNOCK_EVERY = 1000
const KNOCKS = 10
const HEARTBEAT = 3000
const PATIENCE = 6000
let count = 0

export class KollusController extends EventTarget {
  #frame
  #origin
  #uid = `kollus-postmessage-${(count += 1)}`
  #knocking
  #beating
  #hasAnswered = false

  constructor(frame, origin) {
    super()
    this.#frame = frame
    this.#origin = origin
    addEventListener("message", this.#hear)
    this.#knock(KNOCKS)
  }

  play(seconds = null) {
    this.#send("c_play", seconds === null ? null : Math.trunc(seconds))
  }

  pause() {
    this.#send("c_pause")
  }

  forward() {
    this.#send("c_ff")
  }

  rewind() {
    this.#send("c_rw")
  }

  mute() {
    this.#send("c_mute")
  }

  setVolume(percent) {
    this.#send("c_set_volume", Math.min(100, Math.max(0, percent)))
  }

  setSpeed(speed) {
    this.#send("c_set_speed", Math.min(4, Math.max(0.5, speed)).toFixed(1))
  }

  showCaptions(isShown) {
    this.#send("c_set_subtitle_visibility", isShown)
  }

  chooseCaption(index) {
    this.#send("c_set_current_subtitle", index)
  }

  toggleScreen() {
    this.#send("c_set_screen")
  }

  dispose() {
    removeEventListener("message", this.#hear)
    clearTimeout(this.#knocking)
    clearTimeout(this.#beating)
  }

  #knock(left) {
    this.#send("c_initialize", true)
    if (left > 1) this.#knocking = setTimeout(() => this.#knock(left - 1), KNOCK_EVERY)
  }

  #hear = (event) => {
    if (event.origin !== this.#origin || event.source !== this.#frame.contentWindow) return
    const message = parse(event.data)
    if (message?.uid !== this.#uid || !message.event_name?.startsWith("e_")) return
    const name = message.event_name.slice(2)
    if (name === "initialized") clearTimeout(this.#knocking)
    if (name === "connected") this.#beat()
    this.dispatchEvent(new CustomEvent(name, { detail: message.data }))
  }

  // Asks whether it is still there. One that never said that it was is not expected to answer, nor is any while nobody
  // sees the page: browsers slow it down then.
  ask() {
    clearTimeout(this.#beating)
    if (!this.#hasAnswered) return
    this.#send("c_is_connected")
    this.#beating = setTimeout(() => (document.hidden ? this.ask() : this.dispatchEvent(new Event("silent"))), PATIENCE)
  }

  // A player that says "connected" expects to be asked again.
  #beat() {
    this.#hasAnswered = true
    clearTimeout(this.#beating)
    this.#beating = setTimeout(() => this.ask(), HEARTBEAT)
  }

  #send(name, data = null) {
    this.#frame.contentWindow?.postMessage(JSON.stringify({ event_name: name, uid: this.#uid, data }), this.#origin)
  }
}

function parse(text) {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
