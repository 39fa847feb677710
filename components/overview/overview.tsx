'use client'

import ContentLayout from '@cloudscape-design/components/content-layout'
import Header from '@cloudscape-design/components/header'
import { useTopology } from '@/lib/queries/topology'

export function Overview() {
  const { data } = useTopology()
  return <ContentLayout header={<Header variant="h1">Overview</Header>}>{data?.families.length} families</ContentLayout>
}
