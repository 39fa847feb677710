'use client'

import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import { useOpenPlan } from '@/components/plans/open-plan'
import { hasEnded, hasManyParts, type Run } from '@/lib/plans/run'

/** Back to how it was, as a plan of its own; only where something was changed. */
export function WayBack({ run }: { run: Run }) {
  const openPlan = useOpenPlan()
  const { undo } = run
  if (!hasEnded(run)) return null
  // The steps of a run over many families are not at hand; a family that is done was changed.
  const changed = hasManyParts(run)
    ? run.counts.parts.done > 0
    : run.steps.some(({ status, operation }) => status === 'done' && operation !== undefined)
  return (
    <div>
      <Box variant="h3" tagOverride="h2">
        Way back
      </Box>
      {!changed && 'Nothing was changed, so there is nothing to take back.'}
      {changed && 'sentence' in undo && undo.sentence}
      {changed && 'label' in undo && (
        <Button formAction="none" onClick={() => openPlan(undo.request)}>
          {undo.label}
        </Button>
      )}
    </div>
  )
}
