'use client'

import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import FormField from '@cloudscape-design/components/form-field'
import Input from '@cloudscape-design/components/input'
import Multiselect from '@cloudscape-design/components/multiselect'
import { messageAt } from '../plan-form'
import styles from './set-aliases.module.css'
import { type ChangeDraft, describeChange, withoutPrefix, withPrefix } from './set-aliases-draft'

interface ChosenChangeProps {
  draft: ChangeDraft
  /** Regions in which the change is possible. */
  regions: string[]
  /** Message at a field of this change, e.g. `name`. */
  messageOf: (field: string) => string | undefined
  isNew: boolean
  onChange: (draft: ChangeDraft) => void
  onUndo: () => void
}

function AliasName({
  label,
  value,
  error,
  autoFocus,
  onChange,
}: {
  label: string
  value: string
  error: string | undefined
  autoFocus: boolean
  onChange: (name: string) => void
}) {
  return (
    <FormField label={label} constraintText="Letters, digits, /, _ and -." errorText={error} stretch>
      <div className={styles.prefixed}>
        <span aria-hidden="true">alias/</span>
        <Input
          value={withoutPrefix(value)}
          autoComplete={false}
          spellcheck={false}
          autoFocus={autoFocus}
          onChange={({ detail }) => onChange(withPrefix(detail.value))}
        />
      </div>
    </FormField>
  )
}

function ChosenChange({ draft, regions, messageOf, isNew, onChange, onUndo }: ChosenChangeProps) {
  const { change, name } = draft
  const options = [...new Set([...regions, ...draft.regions])].map((region) => ({ value: region, label: region }))
  const general = messageOf('change') ?? (change === 'create' ? undefined : messageOf('name'))
  return (
    <li className={styles.change}>
      <div className={styles.sentence}>
        <span>{describeChange(draft)}</span>
        <Button formAction="none" variant="inline-link" ariaLabel={`Undo: ${describeChange(draft)}`} onClick={onUndo}>
          Undo
        </Button>
      </div>
      {general && <Box color="text-status-error">{general}</Box>}
      {change !== 'everywhere' && (
        <div className={styles.fields}>
          {change === 'create' && (
            <AliasName
              label="Alias"
              value={name}
              error={messageOf('name')}
              autoFocus={isNew}
              onChange={(next) => onChange({ ...draft, name: next })}
            />
          )}
          {change === 'rename' && (
            <AliasName
              label="New name"
              value={draft.to}
              error={messageOf('to')}
              autoFocus={isNew}
              onChange={(to) => onChange({ ...draft, to })}
            />
          )}
          <FormField label="Regions" errorText={messageOf('regions')} stretch>
            <Multiselect
              options={options}
              selectedOptions={draft.regions.map((region) => ({ value: region, label: region }))}
              placeholder="Choose Regions"
              deselectAriaLabel={({ label }) => `Leave out ${label}`}
              expandToViewport
              autoFocus={isNew && change !== 'create' && change !== 'rename'}
              onChange={({ detail }) =>
                onChange({ ...draft, regions: detail.selectedOptions.flatMap(({ value }) => (value ? [value] : [])) })
              }
            />
          </FormField>
        </div>
      )}
    </li>
  )
}

interface ChosenChangesProps {
  changes: ChangeDraft[]
  wrong: Record<string, string>
  newest: number | null
  regionsOf: (change: ChangeDraft) => string[]
  onChange: (changes: ChangeDraft[]) => void
}

/** What was chosen so far, each change with its fields and a way to take it back. */
export function ChosenChanges({ changes, wrong, newest, regionsOf, onChange }: ChosenChangesProps) {
  if (changes.length === 0) {
    return (
      <Box color={wrong.changes ? 'text-status-error' : 'text-body-secondary'}>
        {wrong.changes ?? 'No changes chosen yet.'}
      </Box>
    )
  }
  return (
    <ol className={styles.changes}>
      {changes.map((draft, index) => (
        <ChosenChange
          key={draft.id}
          draft={draft}
          regions={regionsOf(draft)}
          messageOf={(field) => messageAt(wrong, `changes.${index}.${field}`)}
          isNew={draft.id === newest}
          onChange={(next) => onChange(changes.with(index, next))}
          onUndo={() => onChange(changes.toSpliced(index, 1))}
        />
      ))}
    </ol>
  )
}
