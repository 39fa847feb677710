// Drawing: the one place that knows Mermaid. It is loaded when the first graph is shown, not before.

import type { MermaidConfig } from 'mermaid'
import type { ColourScheme } from '@/components/shell/colour-scheme'

/** Lines and words between the nodes; the nodes bring their own colours. Read on the containers of Cloudscape. */
const surroundings: Record<ColourScheme, { background: string; line: string; text: string }> = {
  light: { background: '#ffffff', line: '#656871', text: '#424650' },
  dark: { background: '#161d26', line: '#a4a8b3', text: '#dedee3' },
}

const FONT_FAMILY = "'Open Sans', 'Helvetica Neue', Roboto, Arial, sans-serif"
const FONT_SIZE = '14px'

function configOf(scheme: ColourScheme): MermaidConfig {
  const { background, line, text } = surroundings[scheme]
  return {
    startOnLoad: false,
    securityLevel: 'strict',
    // A text that cannot be drawn is told to the caller; Mermaid's own picture of it would be left behind on the page.
    suppressErrorRendering: true,
    // The default layout is several times as large to load, and no better for a few nodes.
    layout: 'dagre',
    look: 'classic',
    theme: 'base',
    themeVariables: {
      darkMode: scheme === 'dark',
      background,
      primaryColor: background,
      primaryTextColor: text,
      primaryBorderColor: line,
      lineColor: line,
      textColor: text,
      edgeLabelBackground: background,
      fontFamily: FONT_FAMILY,
      fontSize: FONT_SIZE,
    },
    flowchart: { htmlLabels: true, wrappingWidth: 320, nodeSpacing: 28, rankSpacing: 44, padding: 10, curve: 'basis' },
  }
}

interface Drawing {
  /** The text of an SVG. */
  markup: string
  /** Milliseconds for which the page stood still. */
  took: number
}

/**
 * The SVG of a graph. `id` is unlike every other id of the page; the ids of the nodes begin with it. Renderings queue
 * up inside Mermaid, each with the configuration that stood when its turn came: all graphs of a page share one scheme.
 */
export async function drawGraph(id: string, text: string, scheme: ColourScheme): Promise<Drawing> {
  const [{ default: mermaid }] = await Promise.all([
    import('mermaid'),
    // Labels are measured while they are drawn: with the wrong font they would not fit.
    document.fonts.load(`${FONT_SIZE} 'Open Sans'`).catch(() => []),
  ])
  mermaid.initialize(configOf(scheme))
  const begun = performance.now()
  const { svg } = await mermaid.render(id, text)
  return { markup: svg, took: performance.now() - begun }
}

/** The group that Mermaid drew for a node: `<svg id>-flowchart-<node id>-<number>`. */
export function groupOf(svg: SVGSVGElement, nodeId: string): SVGGElement | undefined {
  const prefix = `${svg.id}-flowchart-${nodeId}-`
  return [...svg.querySelectorAll<SVGGElement>('g.node')].find(
    ({ id }) => id.startsWith(prefix) && /^\d+$/.test(id.slice(prefix.length)),
  )
}
