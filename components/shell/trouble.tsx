'use client'

import Box from '@cloudscape-design/components/box'
import ContentLayout from '@cloudscape-design/components/content-layout'
import Header from '@cloudscape-design/components/header'
import SpaceBetween from '@cloudscape-design/components/space-between'
import type { ReactNode } from 'react'

/** A page that cannot be what it should be: what happened, what it means, what to do. */
export function Trouble({ title, children, actions }: { title: string; children: ReactNode; actions: ReactNode }) {
  return (
    <ContentLayout header={<Header variant="h1">{title}</Header>}>
      <SpaceBetween size="m">
        <Box variant="p">{children}</Box>
        <SpaceBetween direction="horizontal" size="s">
          {actions}
        </SpaceBetween>
      </SpaceBetween>
    </ContentLayout>
  )
}
