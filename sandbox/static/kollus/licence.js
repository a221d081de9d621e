// The key for the film, through EME: https://www.w3.org/TR/encrypted-media-2/#clear-key
import { PlaybackError } from "./playback-error.js"

export class Licence {
  #facts
  #keys
  #request

  constructor(video, facts) {
    this.#facts = facts
    this.#request = new Promise((done) => video.addEventListener("encrypted", done, { once: true }))
  }

  // Make the video ready for a key. Needs allow="encrypted-media" on the frame.
  async prepare(video) {
    const kinds = (start) =>
      this.#facts.film.tracks.filter(({ type }) => type.startsWith(start)).map(({ type }) => ({ contentType: type }))
    const wanted = { initDataTypes: ["cenc"], videoCapabilities: kinds("video"), audioCapabilities: kinds("audio") }
    try {
      const access = await navigator.requestMediaKeySystemAccess("org.w3.clearkey", [wanted])
      this.#keys = await access.createMediaKeys()
      await video.setMediaKeys(this.#keys)
    } catch {
      throw PlaybackError.of(this.#facts.codes.noKeySystem, this.#facts)
    }
  }

  // Ask the licence server with a token that it takes once; the film can be decoded when this resolves.
  async fetch(token) {
    const { initDataType, initData } = await this.#request
    const session = this.#keys.createSession()
    const asked = new Promise((done) => session.addEventListener("message", done, { once: true }))
    await session.generateRequest(initDataType, initData)
    await session.update(await this.#post(token, (await asked).message))
  }

  async #post(token, body) {
    const { licenceDown, licenceRefused } = this.#facts.codes
    const headers = { Authorization: `Bearer ${token}` }
    const answer = await fetch("/licence", { method: "POST", headers, body }).catch(() => null)
    if (answer?.ok) return answer.arrayBuffer()
    throw PlaybackError.of(answer?.status === 403 ? licenceRefused : licenceDown, this.#facts)
  }
}
