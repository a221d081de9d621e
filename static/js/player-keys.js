// Keys as people know them from other players. A list that has the focus keeps its own, a button its space.

// Another keyboard layout puts other letters on the same keys.
const BY_PLACE = { KeyK: " ", KeyM: "m", KeyF: "f", KeyC: "c" }

export function listenToKeys(places, keys, act) {
  const press = (event) => {
    const { target, key, code, ctrlKey, altKey, metaKey } = event
    const wanted = keys.includes(key) ? key : BY_PLACE[code]
    const isTaken = target.matches("select") || (target.matches("button, a") && key === " ")
    if (!wanted || isTaken || ctrlKey || altKey || metaKey) return
    event.preventDefault()
    act(wanted)
  }
  for (const place of places) place?.addEventListener("keydown", press)
}
