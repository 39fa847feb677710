import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { cache } from 'react'
import { FamilyScreen } from '@/components/family/family-screen'
import { inventory } from '@/lib/inventory/live'
import { familyName } from '@/lib/topology/family'

interface FamilyPageProps {
  params: Promise<{ keyId: string }>
}

/** Asked by the title and by the page, but of KMS only once. */
const findFamily = cache(async (keyId: string) => {
  await inventory().ready()
  inventory().seen([keyId])
  return inventory().findFamily(keyId)
})

export async function generateMetadata({ params }: FamilyPageProps): Promise<Metadata> {
  const family = await findFamily((await params).keyId)
  return { title: family ? familyName(family) : 'No such key family' }
}

export default async function FamilyPage({ params }: FamilyPageProps) {
  const { keyId } = await params
  const family = await findFamily(keyId)
  if (!family) notFound()
  return <FamilyScreen keyId={keyId} name={familyName(family)} />
}
