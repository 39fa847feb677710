// Which requests may use the control doors: only those addressed to this machine by name, and no page of another origin.

/** Refuses names that merely resolve to this machine (DNS rebinding) and pages from elsewhere (request forgery). */
export function isLocalRequest(host: string | undefined, origin: string | undefined): boolean {
  if (host === undefined || !isLoopbackName(nameOf(host))) return false
  return origin === undefined || origin === `http://${host}`
}

function nameOf(host: string): string {
  return host.replace(/:\d*$/, '').toLowerCase()
}

function isLoopbackName(name: string): boolean {
  return name === 'localhost' || name === '[::1]' || /^127(\.\d{1,3}){3}$/.test(name)
}
