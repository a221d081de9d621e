// The encrypted film in a MediaSource. It is short; laid end to end it fills whatever length the content has,
// a period at a time, where the viewer is and just ahead.
const AHEAD_SECONDS = 8
const EDGE_SECONDS = 0.2

export class Film {
  #video
  #facts
  #duration
  #source = new MediaSource()
  #tracks = []
  #laying = new Set()
  #isClosed = false
  #work = Promise.resolve()

  constructor(video, facts, duration) {
    this.#video = video
    this.#facts = facts
    this.#duration = duration
  }

  // Resolves once the period around `position` can be decoded, given a key.
  async open(position) {
    const opened = new Promise((done) => this.#source.addEventListener("sourceopen", done, { once: true }))
    this.#video.src = URL.createObjectURL(this.#source)
    const parts = Promise.all(this.#facts.tracks.map(({ file }) => this.#read(file)))
    await opened
    URL.revokeObjectURL(this.#video.src)
    this.#source.duration = this.#duration
    // Every buffer must exist before the first byte is appended.
    const buffers = this.#facts.tracks.map(({ type }) => this.#source.addSourceBuffer(type))
    this.#tracks = (await parts).map((bytes, index) => ({ bytes, buffer: buffers[index] }))
    await this.#lay(this.#periodAt(position))
    this.#video.addEventListener("timeupdate", () => this.#fill())
    this.#video.addEventListener("seeking", () => this.#fill())
  }

  close() {
    this.#isClosed = true
    this.#video.removeAttribute("src")
    this.#video.load()
  }

  #fill() {
    if (this.#isClosed) return
    const { currentTime } = this.#video
    const ahead = Math.min(currentTime + AHEAD_SECONDS, this.#duration - 0.01)
    for (const period of [this.#periodAt(currentTime), this.#periodAt(ahead)]) this.#lay(period).catch(this.#fail)
  }

  // One period after the other; what the browser has thrown away meanwhile is laid again.
  #lay(period) {
    if (this.#laying.has(period) || this.#isLaid(period)) return this.#work
    this.#laying.add(period)
    this.#work = this.#work
      .then(() => Promise.all(this.#tracks.map((track) => this.#append(track, period))))
      .then(() => this.#endIfLast(period))
      .finally(() => this.#laying.delete(period))
    return this.#work
  }

  #isLaid(period) {
    const start = period * this.#facts.period + EDGE_SECONDS
    const end = Math.min(start + this.#facts.period, this.#duration) - 2 * EDGE_SECONDS
    return this.#tracks.every(({ buffer: { buffered } }) => {
      for (let n = 0; n < buffered.length; n++) if (buffered.start(n) <= start && buffered.end(n) >= end) return true
      return false
    })
  }

  #append({ bytes, buffer }, period) {
    const start = period * this.#facts.period
    buffer.timestampOffset = start
    buffer.appendWindowEnd = Math.min(start + this.#facts.period, this.#duration)
    buffer.appendBuffer(bytes)
    return new Promise((done, failed) => {
      buffer.onupdateend = done
      buffer.onerror = failed
    })
  }

  // What cannot be laid cannot be played; after closing, nobody wants it.
  #fail = () => this.#isClosed || this.#video.dispatchEvent(new Event("error"))

  #endIfLast(period) {
    const last = this.#periodAt(this.#duration - 0.01)
    if (period === last && this.#source.readyState === "open") this.#source.endOfStream()
  }

  #periodAt(seconds) {
    return Math.floor(seconds / this.#facts.period)
  }

  async #read(file) {
    const answer = await fetch(this.#facts.folder + file)
    if (!answer.ok) throw new Error(`${file}: ${answer.status}`)
    return answer.arrayBuffer()
  }
}
