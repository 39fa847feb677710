'use client'

import type { ComponentType } from 'react'
import type { z } from 'zod'
import { replicateRequest } from '@/lib/plans/replicate'
import { rotateNowRequest } from '@/lib/plans/rotate-now'
import { setAliasesRequest } from '@/lib/plans/set-aliases'
import { setRotationRequest } from '@/lib/plans/set-rotation'
import type { PlanFormProps } from './plan-form'
import { ReplicateForm } from './replicate-form'
import { RotateNowForm } from './rotate-now-form'
import { SetAliasesForm } from './set-aliases/set-aliases-form'
import { SetRotationForm } from './set-rotation-form'

interface PlanForm {
  /** The verb of the operation, as on its button. */
  title: string
  schema: z.ZodType
  Form: ComponentType<PlanFormProps>
  /** There is nothing to fill in: the form only says what will happen. */
  isFixed?: boolean
}

/** The form of each kind that opens over a page; promotions and new keys have pages of their own. */
const forms: Readonly<Record<string, PlanForm>> = {
  replicate: { title: 'Replicate', schema: replicateRequest, Form: ReplicateForm },
  'set-aliases': { title: 'Edit aliases', schema: setAliasesRequest, Form: SetAliasesForm },
  'set-rotation': { title: 'Set rotation', schema: setRotationRequest, Form: SetRotationForm },
  'rotate-now': { title: 'Rotate now', schema: rotateNowRequest, Form: RotateNowForm, isFixed: true },
}

export const formFor = (kind: string): PlanForm | undefined => (Object.hasOwn(forms, kind) ? forms[kind] : undefined)
