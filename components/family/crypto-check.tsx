'use client'

import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import ColumnLayout from '@cloudscape-design/components/column-layout'
import Form from '@cloudscape-design/components/form'
import FormField from '@cloudscape-design/components/form-field'
import Select from '@cloudscape-design/components/select'
import SpaceBetween from '@cloudscape-design/components/space-between'
import Textarea from '@cloudscape-design/components/textarea'
import { RefusalAlert } from '@/components/plans/refusal'
import { cryptoSnippets } from '@/lib/exports/crypto-snippets'
import { fieldMessages } from '@/lib/plans/field-messages'
import { cryptoCheckRequest, maxTextBytes } from '@/lib/topology/crypto-check'
import { memberIn, shortKeyId } from '@/lib/topology/family'
import { describeUsage } from '@/lib/topology/key-spec'
import { type NamedKey, namedInRegion } from '@/lib/topology/named-key'
import type { Family } from '@/lib/topology/topology'
import { CryptoResult } from './crypto-result'
import { CryptoSnippetTabs } from './crypto-snippet-tabs'
import type { CryptoForm } from './use-crypto-form'

const deeds: Readonly<Record<string, { button: string; what: string }>> = {
  ENCRYPT_DECRYPT: { button: 'Encrypt and decrypt', what: 'Encrypts a text in Region A and decrypts it in Region B' },
  SIGN_VERIFY: { button: 'Sign and verify', what: 'Signs a text in Region A and verifies the signature in Region B' },
  GENERATE_VERIFY_MAC: {
    button: 'Make and verify MAC',
    what: 'Makes the MAC of a text in Region A and verifies it in Region B',
  },
}

/** Something made with one member and tried with another: what multi-Region keys are for, before one's eyes. */
export function CryptoCheck({ family, form }: { family: Family; form: CryptoForm }) {
  const deed = Object.hasOwn(deeds, family.keyUsage) ? deeds[family.keyUsage] : undefined
  if (!deed) {
    return (
      <Box>
        Keys for {describeUsage(family.keyUsage)} cannot be checked with one call here and one there: both parties need
        a key pair of their own, and compare what each works out. Try it from an application that uses the key.
      </Box>
    )
  }
  return <CheckForm family={family} form={form} button={deed.button} what={deed.what} />
}

function CheckForm({ family, form, button, what }: { family: Family; form: CryptoForm; button: string; what: string }) {
  const { keyId, keySpec, keyUsage } = family
  const { from, to, text, fields, check, setFrom, setTo, setText, setFields } = form
  const bytes = new TextEncoder().encode(text).length
  const snippets = cryptoSnippets({
    keySpec,
    keyUsage,
    fromRegion: from.region,
    fromTarget: from.target,
    toRegion: to.region,
    toTarget: to.target,
    text,
  })
  const { data: answer, error } = check

  const submit = () => {
    const parsed = cryptoCheckRequest.safeParse({
      keyId,
      keySpec,
      keyUsage,
      fromRegion: from.region,
      fromTarget: from.target,
      toRegion: to.region,
      target: to.target,
      text,
    })
    setFields(fieldMessages(parsed.error))
    if (parsed.success) check.mutate(parsed.data)
  }

  return (
    <SpaceBetween size="l">
      <form
        onSubmit={(event) => {
          event.preventDefault()
          submit()
        }}
      >
        <Form
          actions={
            <Button variant="primary" formAction="submit" loading={check.isPending} loadingText="Asking KMS">
              {button}
            </Button>
          }
        >
          <SpaceBetween size="m">
            <Box>
              {what}, each with that Region’s own key. KMS does it for real; the text and what comes of it are not kept
              anywhere.
            </Box>
            <ColumnLayout columns={2}>
              <SideFields
                letter="A"
                family={family}
                side={from}
                errors={{ region: fields.fromRegion, target: fields.fromTarget }}
                onChange={setFrom}
              />
              <SideFields
                letter="B"
                family={family}
                side={to}
                errors={{ region: fields.toRegion, target: fields.target }}
                onChange={setTo}
              />
            </ColumnLayout>
            <FormField
              label="Text"
              stretch
              errorText={fields.text}
              constraintText={`${bytes.toLocaleString('en-US')} of at most ${maxTextBytes(keySpec, keyUsage).toLocaleString('en-US')} bytes. Use no real secret.`}
            >
              <Textarea value={text} rows={3} onChange={({ detail }) => setText(detail.value)} />
            </FormField>
          </SpaceBetween>
        </Form>
      </form>
      {error && (
        <RefusalAlert
          refusal={{
            code: 'unavailable',
            message: `The check could not be sent: ${error.message}`,
            whatToDo: 'What you typed is still here: try again.',
          }}
        />
      )}
      {answer && !answer.ok && <RefusalAlert refusal={answer.error} />}
      {answer?.ok && <CryptoResult keyUsage={keyUsage} result={answer.value} />}
      {keyUsage === 'ENCRYPT_DECRYPT' && keySpec === 'SYMMETRIC_DEFAULT' && (
        <Box color="text-body-secondary">
          Decrypt of a symmetric ciphertext needs no KeyId here; naming the target is the better habit: a ciphertext of
          another key is then refused.
        </Box>
      )}
      {snippets && <CryptoSnippetTabs snippets={snippets} />}
    </SpaceBetween>
  )
}

function SideFields({
  letter,
  family,
  side,
  errors,
  onChange,
}: {
  letter: 'A' | 'B'
  family: Family
  side: NamedKey
  errors: { region: string | undefined; target: string | undefined }
  onChange: (side: NamedKey) => void
}) {
  const { keyId, members } = family
  const member = memberIn(family, side.region)
  const targets = [
    ...(member?.aliases ?? []).map((name) => ({ value: name, label: name, description: 'alias in this Region' })),
    { value: keyId, label: shortKeyId(keyId), description: 'key id, the same in every Region' },
    ...(member ? [{ value: member.arn, label: `ARN of ${member.region}`, description: member.arn }] : []),
  ]
  const regions = members.map(({ region, role, state }) => ({
    value: region,
    label: region,
    description: `${role === 'PRIMARY' ? 'primary key' : 'replica key'}, ${state}`,
  }))
  return (
    <SpaceBetween size="s">
      <FormField stretch label={`Region ${letter}`} errorText={errors.region}>
        <Select
          options={regions}
          selectedOption={regions.find(({ value }) => value === side.region) ?? null}
          placeholder="Choose a Region"
          onChange={({ detail }) => onChange(namedInRegion(family, side, detail.selectedOption.value ?? ''))}
        />
      </FormField>
      <FormField stretch label={`Key in ${letter} named by`} errorText={errors.target}>
        <Select
          options={targets}
          // An alias that has gone meanwhile stays chosen, so that KMS itself says what that means.
          selectedOption={
            targets.find(({ value }) => value === side.target) ?? { value: side.target, label: side.target }
          }
          onChange={({ detail }) => onChange({ ...side, target: detail.selectedOption.value ?? '' })}
        />
      </FormField>
    </SpaceBetween>
  )
}
