'use client'

import Box from '@cloudscape-design/components/box'
import CopyToClipboard from '@cloudscape-design/components/copy-to-clipboard'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { comparePolicies, formattedPolicy, linesUnlike, type PolicyAgreement } from '@/lib/topology/comparisons'
import { type Facts, factKey } from '@/lib/topology/facts'
import { primaryOf } from '@/lib/topology/family'
import { inWords } from '@/lib/topology/in-words'
import type { Family, Member } from '@/lib/topology/topology'
import { MemberHeading, unreadFact } from './comparison-table'
import { FactsGate } from './facts-gate'
import styles from './family.module.css'
import { ScrollingText } from './scrolling-text'
import { Sentence } from './sentence'

/** The key policy of each member, side by side. */
export const PoliciesTab = ({ family }: { family: Family }) => (
  <FactsGate family={family} reading="the key policy of every Region">
    {(facts) => <Policies family={family} facts={facts} />}
  </FactsGate>
)

function Policies({ family, facts }: { family: Family; facts: Facts }) {
  const { keyId, members } = family
  const readIn = (region: string) => facts.policies[factKey(region, keyId)]
  const read = members.flatMap(({ region }) => {
    const policy = readIn(region)
    return policy?.ok ? [{ region, policy: policy.value }] : []
  })
  const unread = members.filter(({ region }) => !readIn(region)?.ok).map(({ region }) => region)
  const [first] = read
  const reference = read.find(({ region }) => region === primaryOf(family)?.region) ?? first
  return (
    <SpaceBetween size="s">
      <Agreement agreement={comparePolicies(read)} read={read.length} unread={unread} reference={reference?.region} />
      <div className={styles.columns}>
        {members.map((member) => (
          <Policy
            key={member.arn}
            member={member}
            problem={unreadFact(readIn(member.region))}
            policy={read.find(({ region }) => region === member.region)?.policy}
            reference={reference?.policy}
          />
        ))}
      </div>
    </SpaceBetween>
  )
}

function Agreement({
  agreement,
  read,
  unread,
  reference,
}: {
  agreement: PolicyAgreement
  read: number
  unread: string[]
  reference: string | undefined
}) {
  const words: Record<PolicyAgreement, string> = {
    one: read === 0 ? 'No key policy could be read.' : 'One key policy, nothing to compare it with.',
    same: `The ${read} key policies are the same.`,
    'same but Region names': `The ${read} key policies are the same once each Region’s own name is replaced.`,
    different: `The ${read} key policies are not the same: lines that ${reference} does not have are marked.`,
  }
  return (
    <>
      <Sentence
        type={agreement === 'different' ? 'warning' : agreement === 'one' ? 'info' : 'success'}
        says={agreement === 'different' ? 'differs' : agreement === 'one' ? 'note' : 'equal'}
      >
        {words[agreement]} {read > 0 && unread.length > 0 && `Not read: ${inWords(unread)}.`}
      </Sentence>
      <Box color="text-body-secondary">
        Each key has a policy of its own: KMS copies none, not even when a replica key is made. Here they can be read,
        not changed.
      </Box>
    </>
  )
}

function Policy({
  member,
  problem,
  policy,
  reference,
}: {
  member: Member
  problem: string | null
  policy: string | undefined
  reference: string | undefined
}) {
  const { region } = member
  const text = policy === undefined ? null : formattedPolicy(policy)
  return (
    <div className={styles.column}>
      <SpaceBetween size="xs">
        <SpaceBetween direction="horizontal" size="xs" alignItems="center">
          <MemberHeading member={member} note={problem} />
          {text !== null && (
            <CopyToClipboard
              variant="icon"
              textToCopy={text}
              copyButtonAriaLabel={`Copy the key policy of ${region}`}
              copySuccessText="Copied"
              copyErrorText="The browser did not allow to copy"
            />
          )}
        </SpaceBetween>
        {text !== null && (
          <ScrollingText label={`Key policy of ${region}`}>
            <Marked text={text} reference={reference === undefined ? text : formattedPolicy(reference)} />
          </ScrollingText>
        )}
      </SpaceBetween>
    </div>
  )
}

/** The text with the lines marked that the reference has nowhere. */
function Marked({ text, reference }: { text: string; reference: string }) {
  const unlike = linesUnlike(text, reference)
  return text.split('\n').map((line, index) => {
    // biome-ignore lint/suspicious/noArrayIndexKey: lines have no other identity, and the text is drawn as a whole.
    return unlike.has(index) ? <mark key={index}>{`${line}\n`}</mark> : <span key={index}>{`${line}\n`}</span>
  })
}
