'use client'

import Link from '@cloudscape-design/components/link'
import type { StatusIndicatorProps } from '@cloudscape-design/components/status-indicator'
import Steps from '@cloudscape-design/components/steps'
import { focusSection } from './path-section'
import { type PathStatus, type PathStepId, pathSteps } from './promotion-path'

const indicators: Record<PathStatus, StatusIndicatorProps.Type> = {
  locked: 'not-started',
  past: 'success',
  current: 'in-progress',
  done: 'success',
  blocked: 'error',
  working: 'loading',
  failed: 'warning',
}

const words: Record<PathStatus, string> = {
  locked: 'Not open yet',
  past: 'Done',
  current: 'You are here',
  done: 'Done',
  blocked: 'Blocked',
  working: 'Under way',
  failed: 'Ended without success',
}

/** Where one is on the way; each step that is open leads to its section. */
export function GuidedPath({ path }: { path: Record<PathStepId, PathStatus> }) {
  return (
    <Steps
      ariaLabel="Steps of the promotion"
      steps={pathSteps.map(({ id, title }, index) => {
        const status = path[id]
        const text = `${index + 1} ${title}`
        return {
          status: indicators[status],
          statusIconAriaLabel: words[status],
          header:
            status === 'locked' || status === 'past' ? (
              text
            ) : (
              <Link
                href={`#${id}`}
                onFollow={(event) => {
                  event.preventDefault()
                  focusSection(id)
                }}
              >
                {text}
              </Link>
            ),
        }
      })}
    />
  )
}
