// The visible watermark: the viewer's id, shown and hidden in turns, each time elsewhere.
export function showWatermark(mark, policy, tell) {
  if (!policy) return
  const { text, font_size = 12, font_color = "FFFFFF", alpha = 120, show_time = 5, hide_time = 10 } = policy
  mark.textContent = text
  Object.assign(mark.style, { fontSize: `${font_size}px`, color: `#${font_color}`, opacity: alpha / 255 })
  const show = () => {
    mark.style.insetInlineStart = `${5 + Math.random() * 60}%`
    mark.style.insetBlockStart = `${12 + Math.random() * 60}%`
    mark.hidden = false
    tell()
    setTimeout(hide, show_time * 1000)
  }
  const hide = () => {
    mark.hidden = true
    setTimeout(show, hide_time * 1000)
  }
  show()
}
