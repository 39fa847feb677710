'use client'

import Box from '@cloudscape-design/components/box'
import ExpandableSection from '@cloudscape-design/components/expandable-section'

/** Asked before anything is filled in: a key made as multi-Region stays so, and a single-Region key cannot become one. */
export const MultiRegionInfo = () => (
  <ExpandableSection variant="container" headerText="Do you need a multi-Region key?">
    <Box variant="p">
      A multi-Region key can have replica keys with the same key material and key id in other Regions: what one
      encrypts, signs or authenticates, the others decrypt or verify, each alone. That helps global tables,
      active-active applications and disaster recovery with client-side encryption.
    </Box>
    <Box variant="p">A single-Region key is the better choice when</Box>
    <ul>
      <li>the data never leaves one Region;</li>
      <li>regulation wants different key material in each Region, or material that never leaves one;</li>
      <li>backups are copied to another Region only now and then: AWS services encrypt the copy anew there.</li>
    </ul>
    <Box variant="p">
      Whether a key is multi-Region is decided here for good: it can be changed in neither direction. Replica keys can
      be added at any time.
    </Box>
  </ExpandableSection>
)
