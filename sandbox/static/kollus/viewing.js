// What has been played: stretches of film seconds, each at one speed.
const SAMPLE_AT_MOST = 1

export class Viewing {
  #stretches = []
  #current = null
  #openedAt = performance.now()

  // The film plays and is at `position`.
  sample(position, speed) {
    if (this.#current && (position < this.#current.end || speed !== this.#current.speed)) this.interrupt()
    this.#current ??= { start: position, end: position, speed }
    this.#current.end = position
  }

  // What comes next does not go on from here: pause, seek, another speed. `position` is where it broke off.
  interrupt(position = 0) {
    const since = position - (this.#current?.end ?? position)
    if (since > 0 && since < SAMPLE_AT_MOST * this.#current.speed) this.#current.end = position
    if (this.#current && this.#current.end > this.#current.start) this.#stretches.push(this.#current)
    this.#current = null
  }

  get stretches() {
    return this.#current ? [...this.#stretches, this.#current] : this.#stretches
  }

  // Film seconds played, repeats counted again.
  get playtime() {
    return this.stretches.reduce((sum, { start, end }) => sum + end - start, 0)
  }

  // Wall-clock seconds played.
  get showtime() {
    return this.stretches.reduce((sum, { start, end, speed }) => sum + (end - start) / speed, 0)
  }

  get openSeconds() {
    return (performance.now() - this.#openedAt) / 1000
  }
}
