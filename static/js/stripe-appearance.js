// Our design tokens in the words of Stripe's Appearance API. Stripe reads rgb() everywhere, oklch() not yet.

export function appearance() {
  const styles = getComputedStyle(document.documentElement)
  const token = (name) => styles.getPropertyValue(name).trim()
  const color = (name) => asRgb(token(name))
  return {
    theme: matchMedia("(prefers-color-scheme: dark)").matches ? "night" : "stripe",
    disableAnimations: matchMedia("(prefers-reduced-motion: reduce)").matches,
    variables: {
      colorPrimary: color("--color-accent"),
      colorBackground: color("--color-page"),
      colorText: color("--color-text"),
      colorTextSecondary: color("--color-text-quiet"),
      colorTextPlaceholder: color("--color-text-quiet"),
      colorDanger: color("--color-danger"),
      borderRadius: token("--radius"),
      fontFamily: token("--font"),
      fontSizeBase: "16px",
      spacingUnit: "4px",
    },
  }
}

function asRgb(color) {
  const pen = document.createElement("canvas").getContext("2d")
  pen.fillStyle = color
  pen.fillRect(0, 0, 1, 1)
  const [red, green, blue] = pen.getImageData(0, 0, 1, 1).data
  return `rgb(${red}, ${green}, ${blue})`
}
