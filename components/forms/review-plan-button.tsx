'use client'

import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'

/** The button that ends every form: it changes nothing yet. */
export const ReviewPlanButton = ({ reviewing }: { reviewing: boolean }) => (
  <Box float="right">
    <Button variant="primary" loading={reviewing} loadingText="Making the plan">
      Review plan
    </Button>
  </Box>
)
