'use client'

import Button, { type ButtonProps } from '@cloudscape-design/components/button'
import { useFollow } from './use-follow'

/** A button that leads to another screen, followed by the router. */
export function LinkButton(props: Omit<ButtonProps, 'onFollow'> & { href: string }) {
  return <Button {...props} onFollow={useFollow()} />
}
