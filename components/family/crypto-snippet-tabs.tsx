'use client'

import CopyToClipboard from '@cloudscape-design/components/copy-to-clipboard'
import Header from '@cloudscape-design/components/header'
import SpaceBetween from '@cloudscape-design/components/space-between'
import Tabs from '@cloudscape-design/components/tabs'
import { CliEndpointNote } from '@/components/shell/cli-endpoint'
import type { CryptoSnippets } from '@/lib/exports/crypto-snippets'
import { ScrollingText } from './scrolling-text'

const languages = [
  { id: 'cli', label: 'CLI' },
  { id: 'python', label: 'Python' },
  { id: 'typescript', label: 'TypeScript' },
] as const

/** The same check as code, filled in as the form is. */
export function CryptoSnippetTabs({ snippets }: { snippets: CryptoSnippets }) {
  return (
    <SpaceBetween size="xs">
      <Header variant="h3" description={<CliEndpointNote />}>
        The same from your own code
      </Header>
      <Tabs
        ariaLabel="Languages"
        tabs={languages.map(({ id, label }) => ({
          id,
          label,
          content: <Snippet code={snippets[id]} label={label} />,
        }))}
      />
    </SpaceBetween>
  )
}

function Snippet({ code, label }: { code: string; label: string }) {
  return (
    <SpaceBetween size="xs">
      <ScrollingText label={`${label} code`}>{code}</ScrollingText>
      <CopyToClipboard
        copyButtonText={`Copy ${label}`}
        textToCopy={code}
        copySuccessText="Copied"
        copyErrorText="The browser did not allow to copy"
      />
    </SpaceBetween>
  )
}
