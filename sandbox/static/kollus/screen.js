// How the player looks from outside: full screen, scaling, which of its parts are seen.
const SCALES = { letterbox: "contain", stretch: "fill", zoom: "cover", none: "none" }

export class Screen {
  #root
  #player

  constructor(root, player) {
    this.#root = root
    this.#player = player
    document.addEventListener("fullscreenchange", () => this.#player.tell("screenchange", this.mode))
  }

  get mode() {
    return document.fullscreenElement ? "fullscreen" : "windowed"
  }

  // The browser refuses this without a click of the viewer's.
  toggle() {
    const change = document.fullscreenElement ? document.exitFullscreen() : this.#root.requestFullscreen?.()
    change?.catch(() => {})
  }

  scale(mode) {
    if (!SCALES[mode]) return
    this.#player.video.style.objectFit = SCALES[mode]
    this.#player.tell("scalemodechange", mode)
  }

  showControls(isShown) {
    this.#root.classList.toggle("bare", !isShown)
  }

  showVideo(isShown) {
    this.#player.video.style.visibility = isShown ? "" : "hidden"
  }
}
