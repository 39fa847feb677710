'use client'

import CloudscapeLink, { type LinkProps } from '@cloudscape-design/components/link'
import { useFollow } from './use-follow'

/** A link of Cloudscape that the router follows. */
export function Link(props: Omit<LinkProps, 'onFollow'>) {
  return <CloudscapeLink {...props} onFollow={useFollow()} />
}
