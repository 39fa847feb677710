'use client'

import Alert from '@cloudscape-design/components/alert'
import Button from '@cloudscape-design/components/button'
import ContentLayout from '@cloudscape-design/components/content-layout'
import Header from '@cloudscape-design/components/header'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { LinkButton } from '@/components/shell/link-button'
import { WaitingWords } from '@/components/shell/waiting-words'
import { useRefreshTopology, useTopology } from '@/lib/queries/topology'
import { familyOf } from '@/lib/topology/family'
import { FamilyHead } from './family-head'
import { FamilyPicture } from './family-picture'
import { FamilyTabs } from './family-tabs'

/** Everything about one family. `name` is what it was called when the page was opened, should it disappear. */
export function FamilyScreen({ keyId, name }: { keyId: string; name: string }) {
  const { data: topology, error, refetch } = useTopology()
  const family = topology && familyOf(topology, keyId)

  if (!topology) {
    return (
      <ContentLayout header={<Header variant="h1">{name}</Header>}>
        {error ? (
          <Alert
            type="error"
            header="The keys could not be read"
            action={<Button onClick={() => void refetch()}>Try again</Button>}
          >
            {error.message}
          </Alert>
        ) : (
          <WaitingWords>Reading the keys of every Region …</WaitingWords>
        )}
      </ContentLayout>
    )
  }
  if (!family) return <FamilyGone name={name} />
  return (
    <ContentLayout header={<FamilyHead family={family} topology={topology} />}>
      <SpaceBetween size="l">
        <FamilyPicture family={family} topology={topology} />
        <FamilyTabs family={family} topology={topology} />
      </SpaceBetween>
    </ContentLayout>
  )
}

function FamilyGone({ name }: { name: string }) {
  const refresh = useRefreshTopology()
  return (
    <ContentLayout header={<Header variant="h1">{name}</Header>}>
      <div role="alert">
        <Alert
          type="warning"
          header="This family is gone"
          action={
            <SpaceBetween direction="horizontal" size="xs">
              <Button loading={refresh.isPending} onClick={() => refresh.mutate()}>
                Search again
              </Button>
              <LinkButton href="/keys">Show all keys</LinkButton>
            </SpaceBetween>
          }
        >
          It was here when this page was opened; now no Region that is read has a key of it. Its last key was deleted,
          or this account changed while the page was open.
        </Alert>
      </div>
    </ContentLayout>
  )
}
