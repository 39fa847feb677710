// The height of the chart of requests, known before the chart is loaded.

/** Pixels. */
export const CHART_HEIGHT = 260
