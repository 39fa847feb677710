import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { GuidedPromotion } from '@/components/forms/promote/guided-promotion'
import { inventory } from '@/lib/inventory/live'
import { familyName } from '@/lib/topology/family'

interface Props {
  params: Promise<{ keyId: string }>
}

/** KMS is asked once about a key that no reading has shown yet. */
async function familyIn(params: Props['params']) {
  const { keyId } = await params
  await inventory().ready()
  return inventory().findFamily(keyId)
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const family = await familyIn(params)
  return { title: family ? `Promote a replica key of ${familyName(family)}` : 'Not found' }
}

export default async function PromotePage({ params }: Props) {
  const family = await familyIn(params)
  if (!family) notFound()
  return <GuidedPromotion keyId={family.keyId} knownAs={familyName(family)} />
}
