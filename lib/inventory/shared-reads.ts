// Shared reads: several who ask the same thing at the same time cause one request.

export class SharedReads {
  readonly #inFlight = new Map<string, Promise<unknown>>()
  readonly #queued = new Map<string, Promise<unknown>>()

  #start<T>(key: string, read: () => Promise<T>): Promise<T> {
    const reading = read().finally(() => {
      if (this.#inFlight.get(key) === reading) this.#inFlight.delete(key)
    })
    this.#inFlight.set(key, reading)
    return reading
  }

  /** The answer to the request that is under way, else to a new one. */
  join<T>(key: string, read: () => Promise<T>): Promise<T> {
    return (this.#inFlight.get(key) as Promise<T> | undefined) ?? this.#start(key, read)
  }

  /**
   * An answer that was asked for no earlier than now: who has just changed something must not be told how it was
   * before. All who ask while a request is under way share the one after it.
   */
  fresh<T>(key: string, read: () => Promise<T>): Promise<T> {
    const running = this.#inFlight.get(key)
    if (!running) return this.#start(key, read)
    const queued = this.#queued.get(key)
    if (queued) return queued as Promise<T>
    const follow = () => {
      this.#queued.delete(key)
      return this.join(key, read)
    }
    const next = running.then(follow, follow)
    this.#queued.set(key, next)
    return next
  }
}
