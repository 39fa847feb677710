// pending-deletion: a member that is about to go, or a primary that waits for its last replica to go first.

import type { Family, Finding, Member } from '../topology'

/** One sentence a member; a primary that waits for its replicas has no date, only the days that follow (KMS API Reference, KeyMetadata). */
function sentence(member: Member): string | null {
  if (member.state === 'PendingDeletion') {
    const when = member.deletionDate ? `on ${member.deletionDate.slice(0, 10)}` : 'when its waiting period ends'
    return `The key in ${member.region} will be deleted ${when} and refuses to work now: cancel the deletion if anything still needs it.`
  }
  if (member.state === 'PendingReplicaDeletion') {
    const days = member.pendingWindowInDays === undefined ? '' : `, ${member.pendingWindowInDays} days later`
    return `The primary key in ${member.region} refuses to work and will be deleted once its last replica key is gone${days}: cancel the deletion if anything still needs it.`
  }
  return null
}

export function pendingDeletion(family: Family): Finding[] {
  return family.members.flatMap((member) => {
    const message = sentence(member)
    return message === null ? [] : [{ id: 'pending-deletion', severity: 'high', regions: [member.region], message }]
  })
}
