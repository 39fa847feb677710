'use client'

import Box from '@cloudscape-design/components/box'
import ColumnLayout from '@cloudscape-design/components/column-layout'
import Container from '@cloudscape-design/components/container'
import CopyToClipboard from '@cloudscape-design/components/copy-to-clipboard'
import Header from '@cloudscape-design/components/header'
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs'
import LiveRegion from '@cloudscape-design/components/live-region'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { Copyable } from '@/components/shell/copyable'
import { StatusIndicator } from '@/components/shell/status-indicator'
import type { CryptoCheckResult } from '@/lib/topology/crypto-check'
import styles from './family.module.css'
import { ScrollingText } from './scrolling-text'
import { Sentence } from './sentence'

const products: Readonly<Record<string, { made: string; blob: string; tried: string; came: string }>> = {
  ENCRYPT_DECRYPT: { made: 'Encrypted', blob: 'Ciphertext', tried: 'Decrypted', came: 'Decrypted text' },
  SIGN_VERIFY: { made: 'Signed', blob: 'Signature', tried: 'Verified', came: 'Signature' },
  GENERATE_VERIFY_MAC: { made: 'MAC made', blob: 'MAC', tried: 'Verified', came: 'MAC' },
}

const Arn = ({ arn, region }: { arn: string; region: string }) => (
  <span className={styles.anywhere}>
    <Copyable text={arn} label={`ARN of ${region}`} shown={arn} />
  </span>
)

const RequestId = ({ id }: { id: string | null }) =>
  id === null ? 'none' : <Copyable text={id} label="request id" shown={id} />

/** What was made in the first Region, and beside it what came of it in the second, be it a refusal. */
export function CryptoResult({ keyUsage, result }: { keyUsage: string; result: CryptoCheckResult }) {
  const { algorithm, made, tried, note } = result
  const words = products[keyUsage] ?? { made: 'Made', blob: 'Result', tried: 'Tried', came: 'Result' }
  return (
    <Container header={<Header variant="h3">Result</Header>}>
      <SpaceBetween size="m">
        <Sentence type={tried.ok ? 'success' : 'error'} says={tried.ok ? 'worked' : 'failed'}>
          {note}
        </Sentence>
        <LiveRegion hidden>{note}</LiveRegion>
        <ColumnLayout columns={2} variant="text-grid">
          <KeyValuePairs
            columns={1}
            items={[
              { label: `${words.made} in ${made.region} by`, value: <Arn arn={made.keyArn} region={made.region} /> },
              { label: 'Algorithm', value: algorithm },
              { label: words.blob, value: <Blob text={made.blobBase64} label={words.blob} /> },
              { label: 'Latency', value: `${made.latencyMs} ms` },
              { label: 'Request id', value: <RequestId id={made.requestId} /> },
            ]}
          />
          <KeyValuePairs
            columns={1}
            items={[
              ...(tried.keyArn === null
                ? []
                : [
                    {
                      label: `${words.tried} in ${tried.region} by`,
                      value: <Arn arn={tried.keyArn} region={tried.region} />,
                    },
                  ]),
              ...(tried.error
                ? [{ label: `Refused in ${tried.region}`, value: <Refused error={tried.error} /> }]
                : [{ label: words.came, value: <Outcome tried={tried} /> }]),
              { label: 'Latency', value: `${tried.latencyMs} ms` },
              { label: 'Request id', value: <RequestId id={tried.requestId} /> },
            ]}
          />
        </ColumnLayout>
      </SpaceBetween>
    </Container>
  )
}

function Outcome({ tried: { ok, text } }: { tried: CryptoCheckResult['tried'] }) {
  if (text !== undefined) {
    return (
      <ScrollingText label="Decrypted text" bytes>
        {text}
      </ScrollingText>
    )
  }
  return <StatusIndicator type={ok ? 'success' : 'error'}>{ok ? 'Valid' : 'Not valid'}</StatusIndicator>
}

function Refused({ error }: { error: NonNullable<CryptoCheckResult['tried']['error']> }) {
  return (
    <Box color="text-status-error">
      {error.message} {error.whatToDo}
      <Box variant="small" display="block">
        {error.awsName}
      </Box>
    </Box>
  )
}

function Blob({ text, label }: { text: string; label: string }) {
  return (
    <SpaceBetween size="xxs">
      <ScrollingText label={label} bytes>
        {text}
      </ScrollingText>
      <CopyToClipboard
        copyButtonText={`Copy ${label === 'MAC' ? label : label.toLowerCase()}`}
        textToCopy={text}
        copySuccessText="Copied"
        copyErrorText="The browser did not allow to copy"
      />
    </SpaceBetween>
  )
}
