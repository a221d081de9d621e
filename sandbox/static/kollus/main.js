// Puts the player together from the facts that the gateway wrote into the page.
import { Captions } from "./captions.js"
import { Controller } from "./controller.js"
import { Controls } from "./controls.js"
import { Player } from "./player.js"
import { Repeat } from "./repeat.js"
import { Reports } from "./reports.js"
import { Screen } from "./screen.js"
import { showWatermark } from "./watermark.js"

const facts = JSON.parse(document.getElementById("facts").textContent)
const root = document.getElementById("player")
const player = new Player(document.getElementById("film"), facts)

const screen = new Screen(root, player)
const controls = new Controls({ root, player, screen, facts })
const captions = new Captions(player, facts.captions ?? [])
new Controller({ player, screen, controls, captions, repeat: new Repeat(player), facts })
if (!facts.error) {
  new Reports(player, facts)
  player.addEventListener("obeyed", ({ detail: act }) => {
    fetch(`${facts.start}obeyed`, { method: "POST", body: JSON.stringify({ act }), keepalive: true }).catch(() => {})
  })
  addEventListener("pagehide", () => navigator.sendBeacon(`${facts.start}left`))
  showWatermark(document.getElementById("watermark"), facts.watermark, () => player.tell("obeyed", "watermark_shown"))
}
player.begin()
