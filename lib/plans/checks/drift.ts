// drift: key policy and tags belong to each key by itself, so the new primary key may have others than the old one.

import { comparePolicies, compareTags } from '@/lib/topology/comparisons'
import type { Read, Tag } from '@/lib/topology/facts'
import { inWords } from '@/lib/topology/in-words'
import { copiedTags } from '../request-fields'
import type { PolicyIn } from './permissions'
import { type FamilyCheck, passed, unproven, warned } from './verdicts'

/** What one member has, as it was read. */
interface ReadIn<T> {
  region: string
  read: Read<T> | undefined
}

const unreadIn = (places: ReadIn<unknown>[]) => places.filter(({ read }) => !read?.ok).map(({ region }) => region)

/** Policies that differ in nothing but the names of their own Regions say the same. */
export function policyDrift(from: PolicyIn, to: PolicyIn): FamilyCheck {
  const id = 'policy-drift'
  if (!from.read?.ok || !to.read?.ok) {
    return unproven(id, `Not compared: the key policy in ${inWords(unreadIn([from, to]))} could not be read.`)
  }
  const places = `${from.region} and ${to.region}`
  const agreement = comparePolicies([
    { region: from.region, policy: from.read.value },
    { region: to.region, policy: to.read.value },
  ])
  return agreement === 'different'
    ? warned(
        id,
        `The key policies in ${places} differ, and each stays with its key: administrators and callers may be allowed less, or more, in ${to.region}. There is no plan for policies yet: compare them on the family’s page.`,
      )
    : passed(id, `The key policies in ${places} say the same.`)
}

/** Tags of AWS and the mark of a run are each key's own. */
export function tagDrift(from: ReadIn<Tag[]>, to: ReadIn<Tag[]>): FamilyCheck {
  const id = 'tag-drift'
  if (!from.read?.ok || !to.read?.ok) {
    return unproven(id, `Not compared: the tags in ${inWords(unreadIn([from, to]))} could not be read.`)
  }
  const columns = [
    { region: from.region, tags: { ok: true as const, value: copiedTags(from.read.value) } },
    { region: to.region, tags: { ok: true as const, value: copiedTags(to.read.value) } },
  ]
  const differing = compareTags(columns).filter(({ differs }) => differs)
  const places = `${from.region} and ${to.region}`
  const consequence =
    'access and cost allocation that go by tags may come out otherwise. There is no plan for tags yet.'
  return differing.length > 0
    ? warned(id, `The tags in ${places} differ (${inWords(differing.map(({ key }) => key))}): ${consequence}`, {
        among: `The tags in ${places} differ: ${consequence}`,
      })
    : passed(id, `The tags in ${places} are the same.`)
}
