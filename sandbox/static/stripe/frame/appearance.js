// https://docs.stripe.com/elements/appearance-api: variables become custom properties, one element style at a time.

const THEMES = {
  stripe: { colorPrimary: "#0570de", colorBackground: "#ffffff", colorText: "#30313d", colorDanger: "#df1b41" },
  night: { colorPrimary: "#85d996", colorBackground: "#30313d", colorText: "#ffffff", colorDanger: "#fe87a1" },
  flat: { colorPrimary: "#0570de", colorBackground: "#f6f8fa", colorText: "#30313d", colorDanger: "#df1b41" },
}
const KNOWN = [
  "borderRadius", "colorBackground", "colorDanger", "colorPrimary", "colorText", "colorTextPlaceholder", "colorTextSecondary",
  "fontFamily", "fontSizeBase", "spacingUnit",
]

export function applyAppearance({ theme = "stripe", variables = {}, disableAnimations = false }) {
  const root = document.documentElement
  const values = { ...(THEMES[theme] ?? THEMES.stripe), ...variables }
  for (const name of KNOWN) {
    const property = `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`
    values[name] ? root.style.setProperty(property, values[name]) : root.style.removeProperty(property)
  }
  root.classList.toggle("still", disableAnimations)
}
