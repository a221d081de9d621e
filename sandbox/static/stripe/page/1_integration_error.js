// Part of the script that a shop's page loads. The parts are served as one, in the order of their names.

/** Thrown when the page uses Stripe.js wrongly, as the real one does. */
class IntegrationError extends Error {
  name = "IntegrationError"
}

/** Refuses options that do not exist, so that a typing mistake is found here and not at Stripe. */
function onlyKnown(options, known, where) {
  for (const name of Object.keys(options ?? {})) {
    if (name === "paymentMethodTypes") {
      throw new IntegrationError(`${where}: paymentMethodTypes is no longer supported. Use allowedPaymentMethodTypes.`)
    }
    if (!known.includes(name)) throw new IntegrationError(`${where}: ${name} is not a known option.`)
  }
}

function oneOf(value, choices, where) {
  if (value !== undefined && !choices.includes(value)) {
    throw new IntegrationError(`${where} must be one of ${choices.join(", ")}, not ${value}.`)
  }
}
