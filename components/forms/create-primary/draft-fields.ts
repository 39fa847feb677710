// What each group of fields of the form is given: the draft, its messages, and how to change it.

import type { CreatePrimaryDraft } from './create-primary-draft'

export interface DraftFieldsProps {
  draft: CreatePrimaryDraft
  /** Messages by field path. */
  wrong: Record<string, string>
  onChange: (draft: CreatePrimaryDraft) => void
}
