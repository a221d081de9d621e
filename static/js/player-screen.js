// The film as large as can be, by way of the page's own part, where its buttons, its sentences and the viewer's mark
// stay in sight. An iPhone has no full screen for a page's part, and Samsung's browser hands the film to the device's
// player, which heeds neither mark nor locks: there the part fills the window instead.
// Source: https://docs.kollus.com/en/dev-guide/vod/player/jwt/standard/

export class PlayerScreen {
  #player
  #tell
  #behind = []

  // `tell` hears whether the film is large now.
  constructor(player, tell) {
    this.#player = player
    this.#tell = tell
    player.addEventListener("fullscreenchange", () => tell(this.isLarge))
  }

  get isLarge() {
    return document.fullscreenElement === this.#player || this.#isFilling
  }

  // Whether the page could do it; else the player has to.
  toggle() {
    if (document.fullscreenElement) document.exitFullscreen()
    else if (this.#isFilling) this.shrink()
    else if (this.#hasFullScreen) this.#player.requestFullscreen().catch(() => {})
    else if (this.#player.showPopover) this.#fill()
    else return false
    return true
  }

  // Out of the window, where nobody but the page's own buttons leads.
  shrink() {
    if (!this.#isFilling) return
    removeEventListener("keydown", this.#heedEscape)
    for (const each of this.#behind.splice(0)) each.inert = false
    this.#player.hidePopover()
    this.#player.popover = null
    this.#player.scrollIntoView({ block: "nearest", behavior: "instant" })
    this.#tell(false)
  }

  // Into the top layer, where it stands: a frame that is moved begins anew. What is behind it takes no focus.
  #fill() {
    for (let each = this.#player; each !== document.body; each = each.parentElement)
      this.#behind.push(...[...each.parentElement.children].filter((other) => other !== each && !other.inert))
    for (const each of this.#behind) each.inert = true
    this.#player.popover = "manual"
    this.#player.showPopover()
    addEventListener("keydown", this.#heedEscape)
    this.#tell(true)
  }

  #heedEscape = ({ key }) => {
    if (key === "Escape") this.shrink()
  }

  get #isFilling() {
    return this.#player.popover === "manual"
  }

  get #hasFullScreen() {
    return this.#player.requestFullscreen && !navigator.userAgent.includes("SamsungBrowser")
  }
}
