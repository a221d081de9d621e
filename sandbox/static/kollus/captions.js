// Captions of the names that the content has. There are none in the sample film: each says its name and the time.
import { clockTime } from "./clock-time.js"

const EACH_SECONDS = 4

export class Captions {
  #player
  #tracks
  #current = 0
  #isShown = true
  list

  constructor(player, captions) {
    this.#player = player
    this.list = captions
    this.#tracks = captions.map(({ subtitle_name: name, subtitle_language_code: code }) => {
      const track = player.video.addTextTrack("subtitles", name, code)
      for (let start = 0; start < player.duration; start += EACH_SECONDS) {
        track.addCue(new VTTCue(start, start + EACH_SECONDS, `${name} ${clockTime(start)}`))
      }
      return track
    })
    this.#apply()
  }

  choose(index) {
    if (!Number.isInteger(index) || !this.#tracks[index]) return
    this.#current = index
    this.#apply()
  }

  show(isShown) {
    if (typeof isShown !== "boolean" || !this.#tracks.length) return
    this.#isShown = isShown
    this.#apply()
    this.#player.tell("subtitlevisibilitychange", isShown)
  }

  resize(size) {
    if (Number.isInteger(size)) this.#player.tell("subtitle_sizechange", size)
  }

  #apply() {
    for (const [index, track] of this.#tracks.entries()) {
      track.mode = this.#isShown && index === this.#current ? "showing" : "disabled"
    }
  }
}
