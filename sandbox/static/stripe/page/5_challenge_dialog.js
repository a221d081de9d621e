/**
 * What handleNextAction shows: a dialog over the page, ugly so that nobody takes it for the shop's own challenge.
 * Resolves when the bank has decided.
 */
async function showChallengeDialog(url, read) {
  const dialog = document.createElement("dialog")
  const title = document.createElement("h1")
  const frame = document.createElement("iframe")
  dialog.dataset.testid = "stripe-modal"
  title.textContent = "STRIPE.JS OPENED A DIALOG OVER THE PAGE (sandbox)"
  frame.src = url
  frame.title = "3-D Secure"
  Object.assign(dialog.style, { border: "12px dashed #e00", background: "#ff0", color: "#000", padding: "16px" })
  Object.assign(title.style, { font: "bold 18px monospace", margin: "0 0 12px" })
  Object.assign(frame.style, { border: "4px solid #e00", width: "390px", height: "400px", background: "#fff" })
  dialog.append(title, frame)
  document.body.append(dialog)
  dialog.showModal()
  try {
    for (;;) {
      const answer = await read()
      if (answer.error || answer.paymentIntent.status !== "requires_action" || !dialog.open) return answer
      await new Promise((resolve) => setTimeout(resolve, 300))
    }
  } finally {
    dialog.remove()
  }
}
