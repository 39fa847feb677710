// Stopwatch: measures inside the page, from the event of an interaction until the last change of the page is painted.

/** One interaction, as the page saw it; times in ms. */
export interface Lap {
  /** Until the first change was painted. */
  firstMs: number
  /** Until everything in view was as it stays; rows that come into being below what is in view are left out. */
  answeredMs: number
  /** Until the very last change. */
  settledMs: number
  /** Until what was waited for was painted; NaN when nothing was. */
  seenMs: number
  /** How long each task was that kept the page from answering for more than 50 ms. */
  longTasks: number[]
}

/** What happened to the page while nobody touched it. */
export interface Watched {
  /** Texts of ages that went on, such as `3 s ago`. */
  ages: number
  /** Everything else, in words. */
  others: string[]
  /** Answers of `/api/topology?since=…`, and what came over the wire for them, headers included. */
  polls: { bytes: number }[]
}

export interface Stopwatch {
  /** The next trusted event of this kind starts the clock; `selector` is waited for. */
  arm: (event: string, selector?: string) => void
  /** After so many ms without a change. */
  settled: (quietMs: number) => Promise<Lap>
  /** From now on everything that changes is told by `watched`. */
  watch: () => void
  watched: () => Watched
  /** Intervals between frames while `ms` go by. */
  frames: (ms: number) => Promise<{ intervals: number[]; longTasks: number[] }>
}

declare global {
  interface Window {
    stopwatch: Stopwatch
  }
}

/** Runs in the page before anything else does; it uses nothing from outside itself. */
export function installStopwatch(): void {
  const AGE = /\b\d[\d,]* (s|min|h|days?)\b/
  const DATE = /\b20\d\d\b/
  const tasks: { start: number; ms: number }[] = []
  let armedFor: string | null = null
  let sought: string | null = null
  let seenAt = Number.NaN
  let startedAt = 0
  let firstAt = 0
  let changedAt = 0
  let paintedAt = 0
  let answeredAt = 0
  let rowsInView = 0
  let watching: { ages: number; others: string[]; since: number } | null = null

  const isAge = ({ type, target, oldValue, attributeName }: MutationRecord) => {
    if (type === 'characterData') return AGE.test(oldValue ?? '') && AGE.test(target.nodeValue ?? '')
    if (type !== 'attributes' || (attributeName !== 'title' && attributeName !== 'datetime')) return false
    return DATE.test(oldValue ?? '') && DATE.test((target as Element).getAttribute(attributeName) ?? '')
  }
  /** React writes the name and type of an input anew whenever it looks at it. */
  const isSame = ({ type, target, oldValue, attributeName }: MutationRecord) =>
    type === 'attributes' && (oldValue ?? '') === ((target as Element).getAttribute(attributeName ?? '') ?? '')
  /** What assistive technology is told comes later on purpose, and is not seen. */
  const isSaid = ({ target }: MutationRecord) =>
    (target instanceof Element ? target : target.parentElement)?.closest('[aria-live]:not(output)') != null

  const rowNumber = (row: Node) => {
    const of = (element: Element | null | undefined) => Number(element?.getAttribute('aria-rowindex'))
    return of(row as Element) - of(row.parentElement?.firstElementChild)
  }
  const isBelow = ({ target, addedNodes, removedNodes }: MutationRecord) =>
    target.nodeName === 'TBODY' &&
    removedNodes.length === 0 &&
    addedNodes.length > 0 &&
    [...addedNodes].every((row) => rowNumber(row) > rowsInView)

  const placeOf = (node: Node) => {
    const element = node instanceof Element ? node : node.parentElement
    const words = element?.textContent?.trim().slice(0, 40)
    return `${element?.localName ?? node.nodeName}${element?.id ? `#${element.id}` : ''} “${words}”`
  }
  const inWords = ({ type, target, attributeName, addedNodes, removedNodes, oldValue }: MutationRecord) => {
    if (type === 'attributes') {
      const value = (target as Element).getAttribute(attributeName ?? '')
      return `${attributeName} of ${placeOf(target)}: ${oldValue} → ${value}`
    }
    if (type === 'characterData') return `text in ${placeOf(target)}: ${oldValue} → ${target.nodeValue}`
    return `children of ${placeOf(target)}: +${addedNodes.length} −${removedNodes.length}`
  }

  const afterPaint = (tell: () => void) =>
    requestAnimationFrame(() => {
      const channel = new MessageChannel()
      channel.port1.onmessage = tell
      channel.port2.postMessage(null)
    })

  const observer = new MutationObserver((records) => {
    const changes = records.filter((record) => !isSame(record))
    const counted = changes.filter((record) => !isAge(record))
    if (watching) {
      watching.ages += changes.length - counted.length
      for (const record of counted) watching.others.push(inWords(record))
    }
    if (!counted.some((record) => !isSaid(record))) return
    changedAt = performance.now()
    const isInView = counted.some((record) => !isSaid(record) && !isBelow(record))
    const isThere = sought !== null && document.querySelector(sought) !== null
    if (isThere) sought = null
    afterPaint(() => {
      paintedAt = performance.now()
      if (firstAt === 0) firstAt = paintedAt
      if (isInView) answeredAt = paintedAt
      if (isThere) seenAt = paintedAt
    })
  })
  const observe = () =>
    observer.observe(document.body, {
      subtree: true,
      childList: true,
      attributes: true,
      attributeOldValue: true,
      characterData: true,
      characterDataOldValue: true,
    })
  if (document.body) observe()
  else document.addEventListener('DOMContentLoaded', observe)

  new PerformanceObserver((list) => {
    for (const { startTime, duration } of list.getEntries()) tasks.push({ start: startTime, ms: duration })
  }).observe({ type: 'longtask', buffered: true })

  const start = (event: Event) => {
    if (event.type !== armedFor || !event.isTrusted) return
    armedFor = null
    startedAt = event.timeStamp
    firstAt = 0
    changedAt = 0
    paintedAt = 0
  }
  for (const kind of ['click', 'keydown', 'wheel'])
    window.addEventListener(kind, start, { capture: true, passive: true })

  const longSince = (since: number) => tasks.filter((task) => task.start + task.ms > since).map(({ ms }) => ms)

  window.stopwatch = {
    arm: (event, selector) => {
      rowsInView = [...document.querySelectorAll('tbody tr')].filter(
        (row) => row.getBoundingClientRect().top < window.innerHeight,
      ).length
      armedFor = event
      sought = selector ?? null
      seenAt = Number.NaN
      startedAt = 0
      changedAt = 0
    },
    settled: (quietMs) =>
      new Promise((resolve, reject) => {
        const began = performance.now()
        const look = () => {
          const now = performance.now()
          if (now - began > 20_000)
            return reject(new Error(`Nothing settled (started ${startedAt}, ${changedAt}, ${sought})`))
          const isQuiet =
            startedAt > 0 && sought === null && changedAt > 0 && paintedAt >= changedAt && now - changedAt >= quietMs
          if (!isQuiet) return setTimeout(look, 20)
          resolve({
            firstMs: firstAt - startedAt,
            answeredMs: answeredAt - startedAt,
            settledMs: paintedAt - startedAt,
            seenMs: seenAt - startedAt,
            longTasks: longSince(startedAt),
          })
        }
        look()
      }),
    watch: () => {
      watching = { ages: 0, others: [], since: performance.now() }
    },
    watched: () => {
      const { ages, others, since } = watching ?? { ages: 0, others: [], since: performance.now() }
      watching = null
      const polls = (performance.getEntriesByType('resource') as PerformanceResourceTiming[])
        .filter(({ name, startTime }) => name.includes('/api/topology?since=') && startTime >= since)
        .map(({ transferSize }) => ({ bytes: transferSize }))
      return { ages, others, polls }
    },
    frames: (ms) =>
      new Promise((resolve) => {
        const intervals: number[] = []
        const began = performance.now()
        let before = began
        const next = () => {
          const now = performance.now()
          intervals.push(now - before)
          before = now
          if (now - began < ms) requestAnimationFrame(next)
          else resolve({ intervals: intervals.slice(1), longTasks: longSince(began) })
        }
        requestAnimationFrame(next)
      }),
  }
}
