import { LinkButton } from '@/components/shell/link-button'
import { Trouble } from '@/components/shell/trouble'

export default function NotFound() {
  return (
    <Trouble
      title="No such run"
      actions={
        <LinkButton href="/runs" variant="primary">
          All runs
        </LinkButton>
      }
    >
      No run has this id: the link may be cut off, or belong to another dashboard.
    </Trouble>
  )
}
