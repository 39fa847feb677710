import type { Metadata } from 'next'
import { CreateKey } from '@/components/forms/create-primary/create-key'

export const metadata: Metadata = { title: 'Create key' }

export default function CreateKeyPage() {
  return <CreateKey />
}
