'use client'

import CopyToClipboard from '@cloudscape-design/components/copy-to-clipboard'

interface CopyableProps {
  /** What is copied, whole. */
  text: string
  /** What it is, e.g. `key id` or `ARN of eu-west-1`: it names the button. */
  label: string
  /** What is shown: by default, long text shortened in its middle. */
  shown?: string
}

const SHOWN_LENGTH = 32

const shortened = (text: string) =>
  text.length <= SHOWN_LENGTH ? text : `${text.slice(0, SHOWN_LENGTH - 9)}…${text.slice(-8)}`

export function Copyable({ text, label, shown = shortened(text) }: CopyableProps) {
  return (
    <CopyToClipboard
      variant="inline"
      textToCopy={text}
      textToDisplay={<span title={text}>{shown}</span>}
      copyButtonAriaLabel={`Copy ${label}`}
      copySuccessText="Copied"
      copyErrorText="The browser did not allow to copy"
      popoverRenderWithPortal
    />
  )
}
