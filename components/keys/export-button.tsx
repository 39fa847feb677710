'use client'

import ButtonDropdown from '@cloudscape-design/components/button-dropdown'
import { familiesAsCsv, familiesAsJson } from '@/lib/exports/families'
import type { Family } from '@/lib/topology/topology'

const formats = {
  csv: { text: 'CSV, one line a key', type: 'text/csv;charset=utf-8', write: familiesAsCsv },
  json: { text: 'JSON', type: 'application/json', write: familiesAsJson },
}

/** Excel reads UTF-8 only behind this mark. */
const BYTE_ORDER_MARK = '\ufeff'

function save(format: keyof typeof formats, families: readonly Family[]) {
  const { type, write } = formats[format]
  const text = write(families)
  const url = URL.createObjectURL(new Blob([format === 'csv' ? BYTE_ORDER_MARK + text : text], { type }))
  const link = document.createElement('a')
  link.href = url
  link.download = `kms-atlas-keys.${format}`
  link.click()
  URL.revokeObjectURL(url)
}

/** Saves what matches now, made in the browser. */
export function ExportButton({ families }: { families: readonly Family[] }) {
  return (
    <ButtonDropdown
      disabled={families.length === 0}
      disabledReason="Nothing matches, so there is nothing to export"
      items={[
        { id: 'csv', text: formats.csv.text },
        { id: 'json', text: formats.json.text },
      ]}
      onItemClick={({ detail }) => save(detail.id === 'json' ? 'json' : 'csv', families)}
    >
      Export
    </ButtonDropdown>
  )
}
