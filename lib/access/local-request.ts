// Who may knock: until sign-in exists the dashboard answers this machine only, and no page of another origin.

export interface Knock {
  method: string
  /** The Host header, e.g. `127.0.0.1:3000`. */
  host: string | null
  /** The Origin header; browsers send it with every request that changes something. */
  origin: string | null
  /** `Sec-Fetch-Site`, which browsers add and pages cannot change. */
  fetchSite: string | null
}

const loopbackNames = new Set(['127.0.0.1', 'localhost', '[::1]'])

function hostOf(text: string, protocol = 'http:'): URL | null {
  const url = URL.parse(`${protocol}//${text}`)
  return url && url.host === text.toLowerCase() ? url : null
}

/**
 * Why a request is refused, in words, or null when it may pass.
 *
 * The Host header must name this machine: a foreign name that resolves to 127.0.0.1 (DNS rebinding) would let any web
 * page read keys. An Origin other than the dashboard's own is refused whatever the method, and so is a request that
 * changes something and that the browser itself calls cross-site.
 */
export function refuseForeign({ method, host, origin, fetchSite }: Knock): string | null {
  const named = host === null ? null : hostOf(host)
  if (!named || !loopbackNames.has(named.hostname)) {
    return 'The dashboard answers at 127.0.0.1 and localhost only: the Host header names another place.'
  }
  if (origin !== null) {
    const from = URL.parse(origin)
    if (!from || from.host !== named.host) return 'Requests from pages of another origin are refused.'
  }
  const changes = method !== 'GET' && method !== 'HEAD'
  if (changes && fetchSite !== null && fetchSite !== 'same-origin' && fetchSite !== 'none') {
    return 'Requests from pages of another origin are refused.'
  }
  return null
}
