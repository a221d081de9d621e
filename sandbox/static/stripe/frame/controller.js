import { callSandbox, openChannel } from "./channel.js"

openChannel(({ key }) => ({
  paymentIntent: ({ clientSecret }) =>
    callSandbox(key, `/elements/payment_intents/${clientSecret.split("_secret_")[0]}`, { client_secret: clientSecret }),
}))
