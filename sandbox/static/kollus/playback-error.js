// An error as the player's documents number it: {code, message, param}.
export class PlaybackError extends Error {
  constructor({ code, message, param = "" }) {
    super(message)
    Object.assign(this, { code, param })
  }

  // The sentence for a code comes with the page, which knows the viewer's language.
  static of(code, facts) {
    return new PlaybackError({ code, message: facts.errors[code] ?? "" })
  }
}
