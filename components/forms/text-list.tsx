'use client'

import AttributeEditor from '@cloudscape-design/components/attribute-editor'
import Input from '@cloudscape-design/components/input'

interface TextListProps {
  items: string[]
  onChange: (items: string[]) => void
  /** What an item is, e.g. `alias`: it names fields and buttons. */
  noun: string
  placeholder: string
  messageAt: (index: number) => string | undefined
}

const replaced = <T,>(items: readonly T[], index: number, item: T) =>
  items.map((each, place) => (place === index ? item : each))

/** Short texts, one a row. */
export function TextList({ items, onChange, noun, placeholder, messageAt }: TextListProps) {
  return (
    <AttributeEditor
      items={items}
      addButtonText={`Add ${noun}`}
      removeButtonText="Remove"
      removeButtonAriaLabel={(item) => `Remove ${noun} ${item}`}
      empty={`No ${noun}.`}
      onAddButtonClick={() => onChange([...items, ''])}
      onRemoveButtonClick={({ detail }) => onChange(items.filter((_, index) => index !== detail.itemIndex))}
      definition={[
        {
          label: noun.charAt(0).toUpperCase() + noun.slice(1),
          control: (item, index) => (
            <Input
              value={item}
              placeholder={placeholder}
              spellcheck={false}
              onChange={({ detail }) => onChange(replaced(items, index, detail.value))}
            />
          ),
          errorText: (_item, index) => messageAt(index),
        },
      ]}
    />
  )
}
