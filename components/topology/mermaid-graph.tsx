'use client'

import Alert from '@cloudscape-design/components/alert'
import { useEffect, useId, useLayoutEffect, useRef, useState, useSyncExternalStore } from 'react'
import type { ColourScheme } from '@/components/shell/colour-scheme'
import { useColourScheme } from '@/components/shell/use-colour-scheme'
import { useSteady } from '@/components/shell/use-steady'
import { WaitingWords } from '@/components/shell/waiting-words'
import { classDefs, type Graph } from '@/lib/topology/mermaid'
import { drawGraph, groupOf } from './draw-graph'
import styles from './mermaid-graph.module.css'

interface MermaidGraphProps<Node extends { id: string }> {
  graph: Graph<Node>
  /** The `id` of the selected node. */
  selectedId?: string | null
  onSelect?: (node: Node) => void
  /** On a phone it runs from top to bottom: for what is deeper than wide. */
  turnsOnPhones?: boolean
}

/** Smaller than this share of its natural size a graph cannot be read: from there on it scrolls inside. */
const SMALLEST_SCALE = 0.7

const NARROW = '(max-width: 688px)'

const narrow = () => window.matchMedia(NARROW).matches

function subscribeToWidth(changed: () => void) {
  const query = window.matchMedia(NARROW)
  query.addEventListener('change', changed)
  return () => query.removeEventListener('change', changed)
}

/**
 * The page stands still while a graph is laid out, so after each drawing it rests for ten times as long: a graph that
 * changes every second during an evacuation takes a tenth of the time at most. The table beside it is always current.
 */
const RESTS = 10
const MAX_REST_MS = 15_000

const neverDrawn = { scheme: null, took: 0, endedAt: 0 }

let drawings = 0

/** The old ones when the new ones say the same, so that what hangs on them stays. */
const sameNodes = <Node,>(before: Node[], after: Node[]) =>
  JSON.stringify(before) === JSON.stringify(after) ? before : after

/** The lines of a node's label, for those who hear it. */
const spoken = (group: SVGGElement) =>
  [...((group.querySelector('.nodeLabel p') ?? group.querySelector('.nodeLabel'))?.childNodes ?? [])]
    .map((line) => line.textContent?.trim())
    .filter(Boolean)
    .join(', ')

function prepared(markup: string, title: string): SVGSVGElement | null {
  const template = document.createElement('template')
  template.innerHTML = markup
  const svg = template.content.querySelector('svg')
  if (!svg) return null
  // A group of buttons; as Mermaid's "graphics document" it would be read as one picture by some.
  svg.setAttribute('role', 'group')
  svg.setAttribute('aria-roledescription', 'graph')
  svg.style.minWidth = `${Math.round(svg.viewBox.baseVal.width * SMALLEST_SCALE)}px`
  // The name stays; without the element the browser shows no tooltip over the whole picture.
  svg.setAttribute('aria-label', title)
  svg.removeAttribute('aria-labelledby')
  svg.querySelector(':scope > title')?.remove()
  return svg
}

/**
 * A graph of the model, drawn by Mermaid. Nodes are buttons: click, Enter or Space select, arrow keys and Tab move.
 * It is drawn again only when its text or the colour scheme has changed. A table with the same content stands beside
 * each graph, so a graph that cannot be drawn takes nothing away.
 */
export function MermaidGraph<Node extends { id: string }>({
  graph,
  selectedId,
  onSelect,
  turnsOnPhones = false,
}: MermaidGraphProps<Node>) {
  const scheme = useColourScheme()
  const host = useRef<HTMLDivElement>(null)
  const last = useRef<{ scheme: ColourScheme | null; took: number; endedAt: number }>(neverDrawn)
  const base = useId().replace(/[^a-zA-Z0-9]/g, '')
  const [drawn, setDrawn] = useState<SVGSVGElement | null>(null)
  const [failure, setFailure] = useState<string | null>(null)
  const { title } = graph
  const nodes = useSteady(graph.nodes, sameNodes)
  const isNarrow = useSyncExternalStore(subscribeToWidth, narrow, () => false)
  const directed = isNarrow && turnsOnPhones ? graph.text.replace(/^flowchart LR/, 'flowchart TB') : graph.text
  const text = `${directed}\n${classDefs(scheme)}`

  useEffect(() => {
    let wanted = true
    const draw = async () => {
      drawings += 1
      try {
        const { markup, took } = await drawGraph(`graph-${base}-${drawings}`, text, scheme)
        last.current = { scheme, took, endedAt: performance.now() }
        const svg = wanted ? prepared(markup, title) : null
        if (!svg) return
        setDrawn(svg)
        setFailure(null)
      } catch (error) {
        console.error('A graph could not be drawn', error)
        if (wanted) setFailure(error instanceof Error ? error.message : String(error))
      }
    }
    const { took, endedAt } = last.current
    const rest =
      last.current.scheme === scheme ? Math.min(MAX_REST_MS, took * RESTS) - (performance.now() - endedAt) : 0
    const timer = setTimeout(() => void draw(), Math.max(0, rest))
    return () => {
      wanted = false
      clearTimeout(timer)
    }
  }, [base, text, scheme, title])

  // In the very moment in which the waiting words go, never beside them.
  useLayoutEffect(() => {
    if (!drawn || !host.current) return
    const focused = host.current.contains(document.activeElement)
      ? document.activeElement?.getAttribute('data-node')
      : null
    host.current.replaceChildren(drawn)
    if (focused) groupOf(drawn, focused)?.setAttribute('data-focus', '')
  }, [drawn])

  useEffect(() => {
    if (!drawn || !onSelect) return
    const detach = new AbortController()
    const { signal } = detach
    const buttons = nodes.flatMap((node) => {
      const group = groupOf(drawn, node.id)
      return group ? [{ node, group }] : []
    })
    for (const [index, { node, group }] of buttons.entries()) {
      group.classList.add(styles.button ?? '')
      group.setAttribute('role', 'button')
      group.setAttribute('tabindex', '0')
      group.setAttribute('aria-label', spoken(group))
      group.setAttribute('data-node', node.id)
      group.addEventListener('click', () => onSelect(node), { signal })
      group.addEventListener(
        'keydown',
        (event) => {
          const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key]
          const selects = event.key === 'Enter' || event.key === ' '
          if (step === undefined && !selects) return
          event.preventDefault()
          if (selects) onSelect(node)
          if (step !== undefined) buttons.at((index + step) % buttons.length)?.group.focus()
        },
        { signal },
      )
      if (group.hasAttribute('data-focus')) {
        group.removeAttribute('data-focus')
        group.focus({ preventScroll: true })
      }
    }
    return () => detach.abort()
  }, [drawn, nodes, onSelect])

  useEffect(() => {
    if (!drawn) return
    for (const { id } of nodes) {
      const group = groupOf(drawn, id)
      group?.classList.toggle(styles.selected ?? '', id === selectedId)
      if (onSelect) group?.setAttribute('aria-pressed', String(id === selectedId))
    }
  }, [drawn, nodes, selectedId, onSelect])

  return (
    <div>
      {failure ? (
        <Alert type="warning" header="The graph cannot be drawn">
          The table has the same content. Reload the page to try again. ({failure})
        </Alert>
      ) : null}
      {drawn || failure ? null : <WaitingWords>Drawing the graph …</WaitingWords>}
      <div ref={host} className={styles.scroll} hidden={failure !== null} />
    </div>
  )
}
