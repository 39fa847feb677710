// Watchers: does somebody look, and at which families. Whoever reads a screen or the machine door counts for a while.

/** An open page asks every 15 s: two questions may get lost. */
export const WATCHING_MS = 45_000
/** More families than this on open screens are left to the rotation; those looked at last are read. */
export const MOST_OPEN = 50

/** Times are milliseconds of any clock that only rises. */
export class Watchers {
  #until = Number.NEGATIVE_INFINITY
  /** Key id → until when it counts as open; looked at last stands last. */
  readonly #open = new Map<string, number>()

  /** Somebody reads now; `open` are the key ids of the families that their screen shows. True when nobody did before. */
  seen(open: Iterable<string>, now: number): boolean {
    const isNew = !this.watched(now)
    this.#until = now + WATCHING_MS
    for (const keyId of open) {
      this.#open.delete(keyId)
      this.#open.set(keyId, this.#until)
    }
    return isNew
  }

  watched(now: number): boolean {
    return now < this.#until
  }

  /** At most 50 key ids. */
  open(now: number): string[] {
    for (const [keyId, until] of this.#open) if (until <= now) this.#open.delete(keyId)
    return [...this.#open.keys()].slice(-MOST_OPEN)
  }
}
