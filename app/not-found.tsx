import type { Metadata } from 'next'
import { LinkButton } from '@/components/shell/link-button'
import { Trouble } from '@/components/shell/trouble'

export const metadata: Metadata = { title: 'Not found' }

export default function NotFound() {
  return (
    <Trouble
      title="Nothing is here"
      actions={
        <>
          <LinkButton href="/keys" variant="primary">
            All keys
          </LinkButton>
          <LinkButton href="/">Overview</LinkButton>
        </>
      }
    >
      This address leads to no screen, or to a key or run that does not exist. A key may have been deleted since the
      link was made, or belong to another account.
    </Trouble>
  )
}
