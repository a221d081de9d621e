// The question at a film's end: the next one of its collection, to play for who may and to look at for others. It only
// asks.

import { fetchParts } from "player-messages"

// Rejects without a network.
export async function questionFor(film, url) {
  const template = (await fetchParts(url)).querySelector("template[data-part=following]")
  const question = template.content.firstElementChild.cloneNode(true)
  question.querySelector("[data-part=title]").textContent = film.title
  for (const link of question.querySelectorAll("a")) {
    if ((link.dataset.when === "may-watch") !== film.may_watch) link.remove()
    else Object.assign(link, { href: film.url }).dataset.slug = film.slug
  }
  return question
}
