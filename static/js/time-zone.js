// The name of the browser's time zone. Asked for it first, `Intl` loads a language's whole way of writing dates, which
// stops a phone for 60 ms; it answers where there is nobody else.

export const timeZone = () => window.Temporal?.Now.timeZoneId() ?? Intl.DateTimeFormat().resolvedOptions().timeZone
