// Hands a film to Kollus' installed player. Whether one is there no page can tell, so nothing here waits for a sign of
// it: the words beside the film say what to do, and a press tries again.

export function handOver(place, url) {
  location.href = url
  const said = place.querySelector("[data-handed-over]")
  said.textContent = said.dataset.handed
}
