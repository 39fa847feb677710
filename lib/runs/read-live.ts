// Live: reads from KMS what the outcome of a step is judged by.

import type { Ask } from '@/lib/kms/ask'
import { describeMember } from '@/lib/kms/describe-member'
import { type KmsError, toKmsError } from '@/lib/kms/errors'
import { findMarkedKey } from '@/lib/kms/find-marked-key'
import { readAlias } from '@/lib/kms/read-alias'
import { readRotation } from '@/lib/kms/rotation'
import { aliasKey, type Doneness, describeLive, isDone, type Live, type LiveRead, readsFor } from '@/lib/plans/done'
import type { Outcome } from '@/lib/plans/plan'
import { factKey } from '@/lib/topology/facts'
import { Interrupted, type StepContext } from './step-context'

export interface Judgement {
  doneness: Doneness
  words: string
  live: Live
  /** What could not be read, so that `no` may be wrong. */
  unread: KmsError[]
}

/** KMS answered that there is no such thing: that is an answer. */
async function orNull<T>(region: string, reading: Promise<T>): Promise<T | null> {
  try {
    return await reading
  } catch (thrown) {
    const error = toKmsError(thrown, region)
    if (error.kind === 'not-found') return null
    throw error
  }
}

async function readInto(live: Live, read: LiveRead, context: StepContext): Promise<void> {
  const { region } = read
  const where: Ask = { region, purpose: 'run', signal: context.signal }
  switch (read.read) {
    case 'member':
      live.members[factKey(region, read.keyId)] = await orNull(region, describeMember(where, read.keyId))
      return
    case 'alias':
      live.aliases[aliasKey(region, read.name)] = await readAlias(where, read.name)
      return
    case 'rotation': {
      const rotation = await orNull(region, readRotation(where, read.keyId))
      // Outcomes are told by the setting alone; listing the history would be one more permission to have.
      live.rotations[factKey(region, read.keyId)] = rotation && { ...rotation, history: [] }
      return
    }
    case 'marked-key':
      live.marked[region] = await findMarkedKey(where, { mark: context.mark, createdAfter: context.runCreatedAt })
  }
}

/** Has the outcome come about, as KMS tells it now? */
export async function judge(outcome: Outcome, context: StepContext): Promise<Judgement> {
  const live: Live = { members: {}, aliases: {}, rotations: {}, marked: {} }
  const unread: KmsError[] = []
  await Promise.all(
    readsFor(outcome, context.resolve).map((read) =>
      readInto(live, read, context).catch((thrown) => {
        unread.push(toKmsError(thrown, read.region))
      }),
    ),
  )
  if (context.signal.aborted) throw new Interrupted('stop')
  return {
    doneness: isDone(outcome, live, context.resolve),
    words: describeLive(outcome, live, context.resolve),
    live,
    unread,
  }
}
