'use client'

import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useState } from 'react'
import { PathSection } from './path-section'
import type { PromotionTarget } from './promotion-targets'
import { TargetChoice } from './target-choice'

interface TargetSectionProps {
  targets: PromotionTarget[]
  primaryRegion: string | null
  chosen: string | null
  /** The plan for the chosen target stands below. */
  isReviewed: boolean
  isReviewing: boolean
  onChoose: (region: string) => void
  onReview: (region: string) => void
}

/** Why the chosen Region cannot be reviewed; undefined when it can. */
function problemOf(targets: PromotionTarget[], chosen: string | null): string | undefined {
  if (chosen === null) return 'Choose the Region whose replica key becomes the primary key'
  const target = targets.find(({ member }) => member.region === chosen)
  if (!target) return `${chosen} has no replica key of this family: choose another Region`
  return target.refusal === null ? undefined : `${chosen} cannot be chosen: its reason stands beside it`
}

/** Step 1: which replica key. */
export function TargetSection(props: TargetSectionProps) {
  const { targets, primaryRegion, chosen, isReviewed, isReviewing, onChoose, onReview } = props
  const [tried, setTried] = useState(false)
  const problem = problemOf(targets, chosen)
  const isChoosable = targets.some(({ member, refusal }) => member.region === chosen && refusal === null)
  return (
    <PathSection
      id="target"
      description={
        primaryRegion === null
          ? undefined
          : `The key in ${primaryRegion} becomes a replica key. It stays where it is and goes on working.`
      }
    >
      <SpaceBetween size="m">
        <TargetChoice
          targets={targets}
          chosen={isChoosable ? chosen : null}
          error={tried || (chosen !== null && !isChoosable) ? problem : undefined}
          onChoose={onChoose}
        />
        {isReviewed ? (
          <Box color="text-body-secondary">The plan for this target stands below. Choose another to plan again.</Box>
        ) : (
          <Button
            variant="primary"
            loading={isReviewing}
            loadingText="Asking the Regions"
            onClick={() => {
              setTried(true)
              if (chosen !== null && problem === undefined) onReview(chosen)
            }}
          >
            Review plan
          </Button>
        )}
      </SpaceBetween>
    </PathSection>
  )
}
