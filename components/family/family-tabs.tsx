'use client'

import Tabs from '@cloudscape-design/components/tabs'
import type { Family, Topology } from '@/lib/topology/topology'
import { ActivityTab } from './activity-tab'
import { AliasesTab } from './aliases-tab'
import { CryptoCheck } from './crypto-check'
import { FindingsTab } from './findings-tab'
import { MembersTable } from './members-table'
import { PoliciesTab } from './policies-tab'
import { RotationTab } from './rotation-tab'
import { TagsTab } from './tags-tab'
import { useCryptoForm } from './use-crypto-form'
import { useSearchParam } from './use-search-param'

const FIRST = 'members'

/** One family from several sides, each a comparison of its Regions. */
export function FamilyTabs({ family, topology }: { family: Family; topology: Topology }) {
  const [tab, selectTab] = useSearchParam('tab')
  const cryptoForm = useCryptoForm(family)
  const findings = family.findings.length
  const tabs = [
    { id: FIRST, label: 'Members', content: <MembersTable family={family} /> },
    { id: 'aliases', label: 'Aliases', content: <AliasesTab family={family} topology={topology} /> },
    { id: 'policies', label: 'Policies', content: <PoliciesTab family={family} /> },
    { id: 'rotation', label: 'Rotation', content: <RotationTab family={family} /> },
    { id: 'tags', label: 'Tags', content: <TagsTab family={family} /> },
    { id: 'crypto-check', label: 'Crypto check', content: <CryptoCheck family={family} form={cryptoForm} /> },
    {
      id: 'findings',
      label: findings > 0 ? `Findings (${findings})` : 'Findings',
      content: <FindingsTab family={family} />,
    },
    { id: 'activity', label: 'Activity', content: <ActivityTab family={family} /> },
  ]
  return (
    <Tabs
      variant="container"
      ariaLabel="Comparisons of the Regions"
      activeTabId={tabs.some(({ id }) => id === tab) ? (tab ?? FIRST) : FIRST}
      onChange={({ detail }) => selectTab(detail.activeTabId === FIRST ? null : detail.activeTabId)}
      tabs={tabs}
    />
  )
}
