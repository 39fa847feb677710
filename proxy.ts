// Proxy: stands before every page, action and door, and refuses what does not come from this machine.

import { type NextRequest, NextResponse } from 'next/server'
import { refuseForeign } from '@/lib/access/local-request'

export function proxy(request: NextRequest) {
  const { headers, method } = request
  const message = refuseForeign({
    method,
    host: headers.get('host'),
    origin: headers.get('origin'),
    fetchSite: headers.get('sec-fetch-site'),
  })
  if (message === null) return NextResponse.next()
  return NextResponse.json({ error: { code: 'forbidden', message } }, { status: 403 })
}
