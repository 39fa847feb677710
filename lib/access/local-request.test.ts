import { describe, expect, it } from 'vitest'
import { refuseForeign } from './local-request'

const knock = { method: 'GET', host: '127.0.0.1:3000', origin: null, fetchSite: null }

describe('refuseForeign', () => {
  it.each(['127.0.0.1:3000', 'localhost:3000', '[::1]:3000', 'localhost', 'LOCALHOST:3000'])('lets %s pass', (host) => {
    expect(refuseForeign({ ...knock, host })).toBeNull()
  })

  it.each([null, '', 'kms.example.com', '127.0.0.1.example.com:3000', '10.0.0.4:3000', 'a@127.0.0.1', '127.0.0.1/x'])(
    'refuses the Host %s',
    (host) => {
      expect(refuseForeign({ ...knock, host })).toContain('Host')
    },
  )

  it('takes a change from its own origin or from a script without one', () => {
    expect(refuseForeign({ ...knock, method: 'POST', origin: 'http://127.0.0.1:3000' })).toBeNull()
    expect(refuseForeign({ ...knock, method: 'POST' })).toBeNull()
  })

  it.each(['http://evil.example', 'http://127.0.0.1:8080', 'null', 'http://localhost:3000'])(
    'refuses a change from %s',
    (origin) => {
      expect(refuseForeign({ ...knock, method: 'POST', origin })).toContain('another origin')
    },
  )

  it.each(['cross-site', 'same-site'])('refuses a change that the browser calls %s', (fetchSite) => {
    expect(refuseForeign({ ...knock, method: 'POST', fetchSite })).toContain('another origin')
    expect(refuseForeign({ ...knock, fetchSite })).toBeNull()
  })
})
