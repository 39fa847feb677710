// Prove steps: what one member makes, the others must be able to use, and what was made before a change as well.

import { describeMember } from '@/lib/kms/describe-member'
import { type KmsError, toKmsError } from '@/lib/kms/errors'
import { makeProof, type Proof, type ProofResult, proofResultOf, tryProof } from '@/lib/kms/prove'
import type { ProveStep } from '@/lib/plans/plan'
import type { ProofBaseline, ProofCell } from '@/lib/plans/run'
import { keyArn, parseKeyArn } from '@/lib/topology/family'
import { inWords } from '@/lib/topology/in-words'
import { Interrupted, type StepContext, StepFailure, type StepResult } from './step-context'

/** Tried again for a moment: a member that has just come about may not be found, or be usable, everywhere yet. */
async function patiently<T>(context: StepContext, attempt: () => Promise<T>, isFailed: (result: T) => boolean) {
  const until = Date.now() + context.pace.proofMs
  for (;;) {
    const result = await attempt()
    if (context.signal.aborted) throw new Interrupted('stop')
    if (!isFailed(result) || Date.now() >= until) return result
    await context.pause(context.pace.pollMs)
  }
}

const notYet = /^(NotFoundException|KMSInvalidStateException|DisabledException): /

const mayPass = ({ result, message }: ProofResult) => result === 'failed' && notYet.test(message ?? '')

interface Made {
  /** The ARN of the member that was asked to make it; null when not even that could be read. */
  arn: string | null
  proof?: Proof
  error?: KmsError
}

/** Makes something with the member in the Region, or says why not. */
async function make(step: ProveStep, keyId: string, context: StepContext): Promise<Made> {
  const { region, keySpec, keyUsage } = step
  let arn: string | null = null
  try {
    arn = (await describeMember({ region, purpose: 'run', signal: context.signal }, keyId)).arn
    return { arn, proof: await makeProof({ region, keyId, keySpec, keyUsage }) }
  } catch (thrown) {
    return { arn, error: toKmsError(thrown, region) }
  }
}

/** All members of a family share account, partition and key id. */
function arnIn(region: string, arn: string): string {
  const parts = parseKeyArn(arn)
  return parts ? keyArn({ ...parts, region }) : arn
}

interface Attempt {
  baseline: ProofBaseline
  made: ProofCell['made']
}

async function tryEverywhere(
  step: ProveStep,
  arn: string,
  attempts: Attempt[],
  context: StepContext,
): Promise<ProofCell[]> {
  const { keySpec, keyUsage } = step
  return Promise.all(
    attempts.flatMap(({ baseline, made }) =>
      step.inRegions.map(async (region): Promise<ProofCell> => {
        const to = { region, arn: arnIn(region, arn) }
        const result = await patiently(context, () => tryProof({ baseline, to, keySpec, keyUsage }), mayPass)
        return { from: baseline.region, to: region, made, ...result }
      }),
    ),
  )
}

const regionsOf = (cells: ProofCell[]) => inWords([...new Set(cells.map(({ to }) => to))])

/** What the cells say, in one sentence or two. */
function describeCells(cells: ProofCell[]): string {
  const saying = (result: ProofCell['result']) => cells.filter((cell) => cell.result === result)
  const proven = saying('proven')
  const notPermitted = saying('not permitted')
  const notReadable = saying('not readable')
  return [
    ...(proven.length > 0 ? [`Proven in ${regionsOf(proven)}`] : []),
    ...(notPermitted.length > 0 ? [`Not permitted to try it in ${regionsOf(notPermitted)}`] : []),
    ...(notReadable.length > 0 ? [`${regionsOf(notReadable)} could not be asked`] : []),
  ].join('. ')
}

/** A key that cannot be used fails the step; a missing permission or answer is only said. */
function withoutProof(step: ProveStep, error: KmsError): string {
  const { result, message = error.message } = proofResultOf(error)
  if (result === 'failed') {
    const { awsName, whatToDo, requestId } = error
    throw new StepFailure({
      name: awsName,
      message: `The key in ${step.region} cannot be used: ${error.message}`,
      whatToDo,
      ...(requestId && { requestId }),
    })
  }
  const why = result === 'not permitted' ? 'is not permitted' : 'was not possible'
  return `To make a proof in ${step.region} ${why} (${message})`
}

function failIfAnyFailed(cells: ProofCell[], output: StepResult['output']) {
  const failed = cells.filter(({ result }) => result === 'failed')
  const [first] = failed
  if (!first) return
  throw new StepFailure(
    {
      name: 'ProofFailed',
      message: `What was made in ${first.from} ${first.made === 'before' ? 'before the change ' : ''}cannot be used in ${regionsOf(failed)}: ${first.message ?? 'no reason was given'}`,
      whatToDo: `Send no callers to ${regionsOf(failed)} yet: look at the key state and key policy there, then retry.`,
    },
    output,
  )
}

/**
 * Makes a proof in one Region and tries it in all others; with a baseline, what that earlier step made is tried too,
 * under the ARN of the member that tries.
 */
export async function carryOutProof(step: ProveStep, context: StepContext): Promise<StepResult> {
  const keyId = context.resolve(step.keyId)
  const { arn, proof, error } = await patiently(
    context,
    () => make(step, keyId, context),
    (made) => made.error !== undefined && mayPass(proofResultOf(made.error)),
  )
  const unmade = error && withoutProof(step, error)
  const before = step.baseline === undefined ? undefined : context.steps.get(step.baseline)?.output.baseline
  const attempts: Attempt[] = [
    ...(before ? [{ baseline: before, made: 'before' as const }] : []),
    ...(proof ? [{ baseline: proof, made: context.isBaseline ? ('before' as const) : ('after' as const) }] : []),
  ]
  const cells = arn === null ? [] : await tryEverywhere(step, arn, attempts, context)
  const output = { ...(proof && { baseline: proof }), proof: cells }
  failIfAnyFailed(cells, output)
  return { message: [unmade, describeCells(cells)].filter(Boolean).join('. '), output }
}
