// Plays one start of one film. Its events carry the names and values of the controller's protocol.
import { Film } from "./film.js"
import { Licence } from "./licence.js"
import { Limits } from "./limits.js"
import { askPermission } from "./permission.js"
import { PlaybackError } from "./playback-error.js"
import { Viewing } from "./viewing.js"

const SAMPLE_MS = 100
const PROGRESS_EVERY = 10

export class Player extends EventTarget {
  video
  viewing = new Viewing()
  error = null
  isReady = false
  isAsking = false
  jumpSeconds = 10
  #facts
  #film
  #limits
  #licence
  #prepared
  #permitted
  #samples = 0
  #wantsToPlay = false
  #reworded = new Map()

  constructor(video, facts) {
    super()
    this.video = video
    this.#facts = facts
  }

  // Load what can be loaded without anybody's leave, and start by itself if the link says so.
  async begin() {
    this.tell("loaded")
    if (this.#facts.error) return this.fail(this.#facts.error)
    const { begin } = this.#facts
    this.video.muted = begin.mute
    this.#listen()
    setInterval(() => this.#sample(), SAMPLE_MS)
    this.#prepared = this.#prepare(begin.at)
    await this.#prepared.catch((error) => this.fail(error))
    if (begin.autoplay && !begin.ask) this.play()
  }

  // Play, from `position` if given. The first time asks the shop, then for the licence; no frame is shown before.
  async play(position = null) {
    if (this.error) return
    this.#wantsToPlay = true
    try {
      await this.#prepared
      if (position !== null) this.seek(position)
      await (this.#permitted ??= this.#ask())
      this.#enterSection()
      if (this.#wantsToPlay) await this.video.play()
    } catch (error) {
      // The browser wants a click first, or a pause came between: nothing is wrong, and nothing plays.
      if (error.name !== "NotAllowedError" && error.name !== "AbortError") this.fail(error)
    }
  }

  pause() {
    this.#wantsToPlay = false
    this.video.pause()
  }

  toggle() {
    return this.video.paused ? this.play() : this.pause()
  }

  seek(position) {
    const target = this.#limits?.seek(position, this.duration) ?? null
    if (target === null || target < Math.min(position, this.duration)) this.tell("obeyed", "seek_refused")
    if (target === null) return
    this.viewing.interrupt(this.position)
    this.video.currentTime = target
  }

  jump(seconds) {
    this.seek(this.position + seconds)
  }

  setSpeed(speed) {
    if (!(speed >= 0.5 && speed <= 4)) return
    if (!this.#limits?.speedIsFree) return this.tell("obeyed", "speed_refused")
    this.viewing.interrupt(this.position)
    this.video.playbackRate = speed
  }

  setVolume(percent) {
    this.video.volume = Math.min(100, Math.max(0, percent)) / 100
  }

  toggleMute() {
    this.video.muted = !this.video.muted
  }

  setJump(seconds) {
    this.jumpSeconds = seconds
    this.tell("jumpstepchange", seconds)
  }

  // The page around us may put its own words in place of an error's.
  rewordError({ code, message, param = "" }) {
    this.#reworded.set(code, { code, message, param })
  }

  // Stop for good and say why: a PlaybackError, or anything else that went wrong while reading the film.
  fail(error) {
    if (this.error) return
    const isUnexpected = error instanceof Error && !(error instanceof PlaybackError)
    const { code, message, param = "" } = isUnexpected ? PlaybackError.of(1017, this.#facts) : error
    this.error = this.#reworded.get(code) ?? { code, message, param }
    this.viewing.interrupt(this.position)
    this.#film?.close()
    this.tell("error", this.error)
  }

  get position() {
    return this.video.currentTime
  }

  get duration() {
    return this.#facts.duration ?? 0
  }

  async #prepare(position) {
    if (!("MediaSource" in window)) throw PlaybackError.of(1001, this.#facts)
    this.#limits = new Limits(this.#facts)
    this.#licence = new Licence(this.video, this.#facts)
    await this.#licence.prepare(this.video)
    const start = Math.min(this.#limits.start(position), this.duration - 1)
    if (start < Math.min(position, this.duration - 1)) this.tell("obeyed", "seek_refused")
    this.#film = new Film(this.video, this.#facts.film, this.duration)
    await this.#film.open(start)
    if (start > 0) this.video.currentTime = start
    this.isReady = true
    this.tell("ready")
  }

  async #ask() {
    this.isAsking = true
    this.tell("asking")
    try {
      const { licence, limits } = await askPermission(this.#facts)
      this.#limits.allow(limits)
      await this.#licence.fetch(licence)
    } finally {
      this.isAsking = false
      this.tell("asking")
    }
  }

  #enterSection() {
    const { section } = this.#limits
    if (section && (this.position < section.start_time || this.position >= section.end_time)) {
      this.video.currentTime = section.start_time
    }
  }

  #listen() {
    const { video } = this
    const on = (event, tell) => video.addEventListener(event, () => this.error || tell())
    on("playing", () => this.#sample())
    on("play", () => this.tell("play"))
    on("pause", () => {
      this.viewing.interrupt(this.position)
      if (!video.ended) this.tell("pause")
    })
    on("ended", () => this.#finish())
    on("seeking", () => this.tell("seeking"))
    on("seeked", () => this.tell("seeked"))
    on("ratechange", () => this.tell("speedchange", video.playbackRate))
    on("volumechange", () => this.tell("volumechange", Math.round(video.volume * 100)))
    on("volumechange", () => this.tell("muted", video.muted))
    on("error", () => this.fail(PlaybackError.of(1017, this.#facts)))
  }

  #finish() {
    this.viewing.interrupt(this.position)
    this.#tellProgress(this.duration)
    this.tell("done")
  }

  // Called ten times a second.
  #sample() {
    const { video } = this
    if (this.error || video.paused || video.seeking || video.readyState < video.HAVE_FUTURE_DATA) return
    this.viewing.sample(this.position, video.playbackRate)
    this.#limits.saw(this.position)
    this.tell("sample")
    if (++this.#samples % PROGRESS_EVERY === 0) this.#tellProgress(this.position)
    const code = this.#limits.reached(this.viewing)
    if (code !== null) this.fail(PlaybackError.of(code, this.#facts))
    else if (this.position >= (this.#limits.section?.end_time ?? Infinity)) this.#endSection()
  }

  #endSection() {
    this.video.pause()
    this.tell("done")
  }

  #tellProgress(position) {
    const percent = Math.min(100, Math.floor((100 * position) / this.duration))
    this.tell("progress", { percent, position: Number(position.toFixed(5)), duration: this.duration })
  }

  tell(name, detail = null) {
    this.dispatchEvent(new CustomEvent(name, { detail }))
  }
}
