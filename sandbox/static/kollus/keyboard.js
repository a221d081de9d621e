// Keys as people know them from other players. A slider or list that has the focus keeps its own arrow keys.
const VOLUME_STEP = 5

export function listenToKeys(player, screen) {
  const { video } = player
  const louder = (by) => player.setVolume(Math.round(video.volume * 100) + by)
  const keys = {
    " ": () => player.toggle(),
    k: () => player.toggle(),
    m: () => player.toggleMute(),
    f: () => screen.toggle(),
    ArrowLeft: () => player.jump(-player.jumpSeconds),
    ArrowRight: () => player.jump(player.jumpSeconds),
    ArrowUp: () => louder(VOLUME_STEP),
    ArrowDown: () => louder(-VOLUME_STEP),
    Home: () => player.seek(0),
    End: () => player.seek(player.duration),
  }
  document.addEventListener("keydown", (event) => {
    const { target, key, ctrlKey, altKey, metaKey } = event
    const isTaken = target.matches("select, .volume") || (target.matches("button") && key === " ")
    if (isTaken || ctrlKey || altKey || metaKey || !keys[key]) return
    event.preventDefault()
    keys[key]()
  })
}
