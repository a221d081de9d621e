import { applyAppearance } from "./appearance.js"
import { callSandbox, openChannel } from "./channel.js"
import * as card from "./card-fields.js"
import { texts } from "./texts.js"

const inputs = Object.fromEntries(["number", "expiry", "cvc"].map((name) => [name, document.getElementById(name)]))
const faults = {
  number: () => card.faultOfNumber(inputs.number.value),
  expiry: () => card.faultOfExpiry(inputs.expiry.value),
  cvc: () => card.faultOfCvc(inputs.cvc.value, inputs.number.value),
}
const formats = {
  number: card.formatNumber,
  expiry: card.formatExpiry,
  cvc: (text) => card.formatCvc(text, inputs.number.value),
}
const shown = {}
let settings = {}
let words = texts("en")

openChannel((first, emit) => {
  adopt(first)
  for (const name of Object.keys(inputs)) listen(name, emit)
  new ResizeObserver(() => emit("height", Math.ceil(document.getElementById("card").getBoundingClientRect().height))).observe(
    document.getElementById("card"),
  )
  callSandbox(settings.key, "/elements/session", {}).then((answer) => {
    document.body.inert = Boolean(answer.error)
    answer.error ? emit("loaderror", { error: answer.error }) : emit("ready")
  })
  return {
    settings: adopt,
    update: ({ options }) => void adopt({ options }),
    focus: () => inputs.number.focus(),
    blur: () => document.activeElement?.blur(),
    clear: () => Object.values(inputs).forEach((input) => (input.value = "")),
    submit,
    confirmationToken: ({ params }) => tokenize("/elements/confirmation_tokens", params),
    paymentMethod: ({ params }) => tokenize("/elements/payment_methods", params),
  }
})

/** Takes over language, colours and amounts that the page set or changed. */
function adopt(changes) {
  settings = { ...settings, ...changes }
  words = texts(settings.language)
  applyAppearance(settings.appearance ?? {})
  document.documentElement.lang = settings.language
  for (const name of Object.keys(inputs)) {
    document.querySelector(`label[for=${name}]`).textContent = words[name]
    showFault(name, shown[name] ?? "")
    inputs[name].readOnly = Boolean(settings.options?.readOnly)
  }
  inputs.expiry.placeholder = words.expiryHint
  inputs.cvc.placeholder = words.cvcHint
}

function listen(name, emit) {
  const input = inputs[name]
  input.addEventListener("input", (event) => {
    write(input, formats[name], event.inputType)
    if (name === "number") document.body.dataset.brand = card.brandOf(input.value)
    if (shown[name]) showFault(name, faults[name]())
    const isEmpty = Object.values(inputs).every(({ value }) => !value)
    const isComplete = Object.values(faults).every((fault) => !fault())
    emit("change", { empty: isEmpty, complete: isComplete, collapsed: false, value: { type: "card" } })
  })
  input.addEventListener("focus", () => emit("focus"))
  input.addEventListener("blur", () => {
    showFault(name, input.value ? faults[name]() : shown[name] && faults[name]())
    emit("blur")
  })
  input.addEventListener("keydown", ({ key }) => {
    if (key === "Escape") emit("escape")
    if (key === "Enter") emit("enter")
  })
}

/** Formats what was typed and leaves the caret behind the same digit. */
function write(input, format, inputType = "") {
  const before = input.value.slice(0, input.selectionStart).replace(/\D/g, "").length
  const wasAtEnd = input.selectionStart === input.value.length
  if (inputType.startsWith("delete") && /^\d\d ?\/? ?$/.test(input.value)) {
    input.value = input.value.slice(0, 2)
    return
  }
  input.value = format(input.value)
  if (wasAtEnd) return
  let caret = 0
  for (let seen = 0; seen < before && caret < input.value.length; caret++) seen += /\d/.test(input.value[caret])
  input.setSelectionRange(caret, caret)
}

function showFault(name, code) {
  shown[name] = code || ""
  const note = document.getElementById(`${name}-error`)
  note.textContent = code ? words[code] : ""
  inputs[name].ariaInvalid = code ? "true" : "false"
}

function submit() {
  const wrong = Object.keys(inputs).filter((name) => faults[name]())
  for (const name of Object.keys(inputs)) showFault(name, faults[name]())
  if (!wrong.length) return { selectedPaymentMethod: "card" }
  inputs[wrong[0]].focus()
  const code = faults[wrong[0]]()
  return { error: { type: "validation_error", code, message: words[code] } }
}

async function tokenize(path, params = {}) {
  const values = Object.fromEntries(Object.entries(inputs).map(([name, input]) => [name, input.value]))
  const promise = settings.mode === "setup" ? {} : { amount: settings.amount, currency: settings.currency }
  const answer = await callSandbox(settings.key, path, {
    ...promise,
    card: card.cardOf(values),
    billing_details: params.payment_method_data?.billing_details,
    return_url: params.return_url,
    mode: settings.mode,
    setup_future_usage: settings.setupFutureUsage ?? null,
  })
  return answer
}
