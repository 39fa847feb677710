// Price of requests: what reading costs.

/** USD for one request, for all operations used to read (AWS KMS pricing: 0.03 USD for 10,000 requests). */
export const USD_PER_REQUEST = 0.03 / 10_000

/** A month, as prices a month are reckoned here. */
export const SECONDS_PER_MONTH = 30 * 24 * 3_600

export const usdPerMonth = (requestsPerSecond: number) => requestsPerSecond * SECONDS_PER_MONTH * USD_PER_REQUEST

export const requestsPerSecondFor = (usdPerMonth: number) => usdPerMonth / (SECONDS_PER_MONTH * USD_PER_REQUEST)
