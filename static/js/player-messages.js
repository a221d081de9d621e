// What the stage says in place of a film that does not play: the sentence for a code, and the one thing to do.
// The sentences come with whatever lets a film play: an owner's page, or the receipt.

export function messageFor(code) {
  const message = document.querySelector("template[data-player-messages]").content.firstElementChild.cloneNode(true)
  const sentences = [...message.querySelectorAll("[data-codes]")]
  const fits = (word) => sentences.find((each) => each.matches(`[data-codes~="${word}"]`))
  const sentence = fits(code) ?? fits("other")
  sentence.querySelector("[data-code]")?.append(` (${code})`)
  for (const each of sentences) if (each !== sentence) each.remove()
  for (const each of message.querySelectorAll("[data-cures]")) {
    if (each.dataset.cures !== sentence.dataset.remedy) each.remove()
  }
  return message
}
