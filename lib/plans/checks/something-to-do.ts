// something-to-do: a plan without steps is not worth a run.

import type { Check } from '../plan'
import { refusedByRule } from './verdicts'

/** Only where nothing else speaks against the plan: then everything is as wished already. */
export const somethingToDo = (steps: readonly unknown[], checks: Check[], message: string): Check[] =>
  steps.length > 0 || checks.some((check) => check.verdict === 'block')
    ? []
    : [refusedByRule('something-to-do', message)]
