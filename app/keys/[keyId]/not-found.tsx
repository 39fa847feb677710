import { FamilyNotFound } from '@/components/family/family-not-found'

export default function NotFound() {
  return <FamilyNotFound />
}
