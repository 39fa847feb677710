'use client'

import PropertyFilter, { type PropertyFilterProps } from '@cloudscape-design/components/property-filter'
import { memo, useEffect, useMemo, useRef } from 'react'
import {
  type FilterQuery,
  type FilterToken,
  filterOperators,
  filterProperties,
  isFilterProperty,
  suggestionsOf,
} from '@/lib/topology/filter'
import type { Family } from '@/lib/topology/topology'
import { FILTER_PLACEHOLDER } from './filter-words'

/** From here on the component draws only the suggestions in view. */
const MANY_SUGGESTIONS = 500

const filteringProperties: PropertyFilterProps.FilteringProperty[] = filterProperties.map(({ key, label, values }) => ({
  key,
  propertyLabel: label,
  groupValuesLabel: values,
  operators: filterOperators.filter((operator) => operator !== '='),
}))

const freeTextFiltering = { operators: [...filterOperators], defaultOperator: ':' } as const

const shownQuery = ({ join, tokens }: FilterQuery): PropertyFilterProps.Query => ({
  operation: join,
  tokens: tokens.map(({ property, operator, value }) => ({ propertyKey: property, operator, value })),
})

function tokenOf({ propertyKey, operator, value }: PropertyFilterProps.Token): FilterToken | null {
  const text = String(value ?? '')
  if (text.trim() === '') return null
  const known = filterOperators.find((one) => one === operator) ?? ':'
  if (propertyKey === undefined) return { operator: known, value: text }
  return isFilterProperty(propertyKey) ? { property: propertyKey, operator: known, value: text } : null
}

const isTyping = (target: EventTarget | null) =>
  target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))

interface KeysFilterProps {
  families: readonly Family[]
  query: FilterQuery
  countText: string
  onChange: (query: FilterQuery) => void
}

export const KeysFilter = memo(function KeysFilter({ families, query, countText, onChange }: KeysFilterProps) {
  const input = useRef<PropertyFilterProps.Ref>(null)
  const filteringOptions = useMemo(
    () => suggestionsOf(families).map(({ property, value }) => ({ propertyKey: property, value })),
    [families],
  )

  useEffect(() => {
    const focusOnSlash = (event: KeyboardEvent) => {
      if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return
      event.preventDefault()
      input.current?.focus()
    }
    window.addEventListener('keydown', focusOnSlash)
    return () => window.removeEventListener('keydown', focusOnSlash)
  }, [])

  return (
    <PropertyFilter
      ref={input}
      query={shownQuery(query)}
      onChange={({ detail }) =>
        onChange({ join: detail.operation, tokens: detail.tokens.flatMap((token) => tokenOf(token) ?? []) })
      }
      filteringProperties={filteringProperties}
      filteringOptions={filteringOptions}
      freeTextFiltering={freeTextFiltering}
      virtualScroll={filteringOptions.length > MANY_SUGGESTIONS}
      countText={countText}
      filteringAriaLabel="Filter keys"
      filteringPlaceholder={FILTER_PLACEHOLDER}
      filteringEmpty="Nothing to suggest"
      i18nStrings={{ clearFiltersText: 'Show all' }}
      expandToViewport
    />
  )
})
