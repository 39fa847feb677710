// Colour scheme: light or dark, the person's choice in a cookie, else the system's.

export type ColourScheme = 'light' | 'dark'

export const SCHEME_COOKIE = 'kms-atlas-scheme'

const YEAR_SECONDS = 365 * 24 * 3600

/** The class by which Cloudscape turns dark; it stands on `body`. */
export const DARK_CLASS = 'awsui-dark-mode'

/** Runs before the first paint, so that a dark screen does not flash white. */
export const schemeScript = `(() => {
  const chosen = /(?:^|; )${SCHEME_COOKIE}=(light|dark)/.exec(document.cookie)?.[1]
  const dark = chosen ? chosen === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches
  document.body.classList.toggle('${DARK_CLASS}', dark)
})()`

export const currentScheme = (): ColourScheme => (document.body.classList.contains(DARK_CLASS) ? 'dark' : 'light')

/** Turns the page and remembers the choice. */
export function chooseScheme(scheme: ColourScheme) {
  document.body.classList.toggle(DARK_CLASS, scheme === 'dark')
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is not in every browser yet.
  document.cookie = `${SCHEME_COOKIE}=${scheme}; path=/; max-age=${YEAR_SECONDS}; samesite=lax`
}
