'use client'

import AttributeEditor from '@cloudscape-design/components/attribute-editor'
import Input from '@cloudscape-design/components/input'
import { MAX_TAGS } from '@/lib/plans/request-fields'
import type { Tag } from '@/lib/topology/facts'

interface TagListProps {
  tags: Tag[]
  onChange: (tags: Tag[]) => void
  messageAt: (index: number, part: keyof Tag) => string | undefined
}

/** Tags of a key, one a row. */
export function TagList({ tags, onChange, messageAt }: TagListProps) {
  const change = (index: number, part: Partial<Tag>) =>
    onChange(tags.map((tag, place) => (place === index ? { ...tag, ...part } : tag)))
  return (
    <AttributeEditor
      items={tags}
      addButtonText="Add tag"
      removeButtonText="Remove"
      removeButtonAriaLabel={({ key }) => `Remove tag ${key}`}
      empty="No tags."
      disableAddButton={tags.length >= MAX_TAGS}
      additionalInfo={`Up to ${MAX_TAGS} tags. No secrets: tags are shown in many places.`}
      onAddButtonClick={() => onChange([...tags, { key: '', value: '' }])}
      onRemoveButtonClick={({ detail }) => onChange(tags.filter((_, index) => index !== detail.itemIndex))}
      definition={[
        {
          label: 'Tag key',
          control: ({ key }, index) => (
            <Input value={key} onChange={({ detail }) => change(index, { key: detail.value })} />
          ),
          errorText: (_tag, index) => messageAt(index, 'key'),
        },
        {
          label: 'Value',
          control: ({ value }, index) => (
            <Input value={value} onChange={({ detail }) => change(index, { value: detail.value })} />
          ),
          errorText: (_tag, index) => messageAt(index, 'value'),
        },
      ]}
    />
  )
}
