// The screens of the product, in the order of the navigation. A screen that is not built yet is absent.

export const screens = [
  { text: 'Overview', href: '/' },
  { text: 'Keys', href: '/keys' },
  { text: 'Runs', href: '/runs' },
  { text: 'Settings', href: '/settings' },
] as const

/** The screen that a path belongs to; none for a path that leads nowhere. */
export const screenOf = (pathname: string): string | undefined =>
  screens.find(({ href }) => pathname === href || (href !== '/' && pathname.startsWith(`${href}/`)))?.href
