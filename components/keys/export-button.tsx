'use client'

import ButtonDropdown from '@cloudscape-design/components/button-dropdown'
import { memo, useMemo } from 'react'
import { familiesAsCsv, familiesAsJson } from '@/lib/exports/families'
import { type BlindSpot, leftOutOfAll } from '@/lib/topology/blind-spots'
import type { Family } from '@/lib/topology/topology'
import type { Selection } from './selection'

const formats = {
  csv: { text: 'CSV, one line a key', type: 'text/csv;charset=utf-8', write: familiesAsCsv },
  json: { text: 'JSON', type: 'application/json', write: familiesAsJson },
}

/** Excel reads UTF-8 only behind this mark. */
const BYTE_ORDER_MARK = '\ufeff'

function save(format: keyof typeof formats, families: readonly Family[], spots: readonly BlindSpot[]) {
  const { type, write } = formats[format]
  const text = write(families, spots)
  const url = URL.createObjectURL(new Blob([format === 'csv' ? BYTE_ORDER_MARK + text : text], { type }))
  const link = document.createElement('a')
  link.href = url
  link.download = `kms-atlas-keys.${format}`
  link.click()
  URL.revokeObjectURL(url)
}

interface ExportButtonProps {
  families: readonly Family[]
  /** Those that match. */
  matching: readonly Family[]
  selection: Selection
  /** Blind spots of the whole topology. */
  spots: readonly BlindSpot[]
}

/** Saves what is selected, else what matches now, made in the browser; says beforehand what that leaves out. */
export const ExportButton = memo(function ExportButton(props: ExportButtonProps) {
  const { families, matching, selection, spots } = props
  const selected = useMemo(() => families.filter(({ keyId }) => selection.has(keyId)), [families, selection])
  const exported = selected.length > 0 ? selected : matching
  const leftOut = useMemo(() => leftOutOfAll(spots, exported).join(' '), [spots, exported])
  return (
    <ButtonDropdown
      disabled={exported.length === 0}
      disabledReason="Nothing matches, so there is nothing to export"
      items={[
        { id: 'csv', text: formats.csv.text, secondaryText: leftOut },
        { id: 'json', text: formats.json.text, secondaryText: leftOut },
      ]}
      onItemClick={({ detail }) => save(detail.id === 'json' ? 'json' : 'csv', exported, spots)}
    >
      {selected.length > 0 ? `Export ${selected.length.toLocaleString('en-US')} selected` : 'Export'}
    </ButtonDropdown>
  )
})
