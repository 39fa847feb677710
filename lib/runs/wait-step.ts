// Wait steps: look until the outcome has come about. They do not fail: past the deadline the run says so and goes on.

import type { KmsError } from '@/lib/kms/errors'
import type { WaitStep } from '@/lib/plans/plan'
import { judge } from './read-live'
import type { StepContext, StepResult } from './step-context'

/** A Region that does not answer says nothing about the change; what a person has to mend is told. */
const troubleOf = ({ kind, message, whatToDo }: KmsError) => (kind === 'denied' ? `${message} ${whatToDo}` : message)

/** Most of what is waited for comes soon: it is looked at often at first. */
const soon = (pollMs: number, looks: number) => Math.min(pollMs, (pollMs / 5) * 1.5 ** looks)

export async function carryOutWait(step: WaitStep, context: StepContext): Promise<StepResult> {
  const { pace } = context
  const deadline = Date.parse(context.startedAt) + step.deadlineMinutes * pace.minuteMs
  for (let looks = 0; ; looks += 1) {
    const { doneness, words, unread } = await judge(step.done, context)
    if (doneness === 'done') return { message: words }
    const heard = unread.length > 0 ? unread.map(troubleOf).join('; ') : words
    const late = Date.now() >= deadline
    await context.say(late ? `Still waiting: ${heard}` : heard, late)
    await context.pause(late ? pace.latePollMs : soon(pace.pollMs, looks))
  }
}
