'use client'

import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import ContentLayout from '@cloudscape-design/components/content-layout'
import Header from '@cloudscape-design/components/header'
import SpaceBetween from '@cloudscape-design/components/space-between'
import TextContent from '@cloudscape-design/components/text-content'
import { useParams } from 'next/navigation'
import { LinkButton } from '@/components/shell/link-button'

/** Words for a key id that no Region knows; every Region was asked before this is shown. */
export function FamilyNotFound() {
  const { keyId } = useParams<{ keyId?: string }>()
  return (
    <ContentLayout header={<Header variant="h1">No such key family</Header>}>
      <SpaceBetween size="m">
        <Box variant="p">
          {keyId ? <Box variant="code">{keyId}</Box> : 'This key id'} was not found in any Region that is read, and KMS
          was asked just now.
        </Box>
        <TextContent>
          <ul>
            <li>It may belong to another account.</li>
            <li>Its Regions may not be among those that are read (ATLAS_REGIONS), or do not answer at the moment.</li>
            <li>Its last key may have been deleted. Keys that are pending deletion would still be shown.</li>
            <li>Only multi-Region keys are shown: their key ids begin with mrk-.</li>
          </ul>
        </TextContent>
        <SpaceBetween direction="horizontal" size="xs">
          {/* A whole reload: the server asks every Region again. */}
          <Button onClick={() => window.location.reload()}>Search again</Button>
          <LinkButton href="/keys">Show all keys</LinkButton>
        </SpaceBetween>
      </SpaceBetween>
    </ContentLayout>
  )
}
