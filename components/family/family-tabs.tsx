'use client'

import Tabs from '@cloudscape-design/components/tabs'
import dynamic from 'next/dynamic'
import { PartBoundary } from '@/components/shell/part-boundary'
import { WaitingWords } from '@/components/shell/waiting-words'
import { useWhenIdle } from '@/components/shell/when-idle'
import type { Family, Topology } from '@/lib/topology/topology'
import { ActivityTab } from './activity-tab'
import { AliasesTab } from './aliases-tab'
import { FindingsTab } from './findings-tab'
import { MembersTable } from './members-table'
import { PoliciesTab } from './policies-tab'
import { RotationTab } from './rotation-tab'
import { TagsTab } from './tags-tab'
import { useCryptoForm } from './use-crypto-form'
import { useSearchParam } from './use-search-param'

const FIRST = 'members'

const loadCryptoCheck = () => import('./crypto-check')

/**
 * Loaded apart, at the latest when its tab is opened: it brings its own form, and code for several languages. The
 * server leaves it out: fields that are seen before they live would lose what is typed.
 */
const CryptoCheck = dynamic(() => import('./crypto-check').then((module) => module.CryptoCheck), {
  ssr: false,
  loading: () => <WaitingWords>Loading the crypto check …</WaitingWords>,
})

/** One family from several sides, each a comparison of its Regions. */
export function FamilyTabs({ family, topology }: { family: Family; topology: Topology }) {
  const [tab, selectTab] = useSearchParam('tab')
  const cryptoForm = useCryptoForm(family)
  useWhenIdle(loadCryptoCheck)
  const findings = family.findings.length
  const tabs = [
    { id: FIRST, label: 'Members', content: <MembersTable family={family} /> },
    { id: 'aliases', label: 'Aliases', content: <AliasesTab family={family} topology={topology} /> },
    { id: 'policies', label: 'Policies', content: <PoliciesTab family={family} /> },
    { id: 'rotation', label: 'Rotation', content: <RotationTab family={family} /> },
    { id: 'tags', label: 'Tags', content: <TagsTab family={family} /> },
    {
      id: 'crypto-check',
      label: 'Crypto check',
      content: (
        <PartBoundary part="The crypto check">
          <CryptoCheck family={family} form={cryptoForm} />
        </PartBoundary>
      ),
    },
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
