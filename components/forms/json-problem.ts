// Where a JSON text goes wrong: line, column and what to do, the same in every browser.

export interface JsonProblem {
  /** Both counted from 1. */
  line: number
  column: number
  message: string
}

class Stop {
  readonly at: number
  readonly message: string

  constructor(at: number, message: string) {
    this.at = at
    this.message = message
  }
}

const literal = /(?:true|false|null)\b/y
const number = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y
const escapeSequence = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y
const space = /[ \t\n\r]*/y

/** Reads a JSON text from left to right and stops at the first sign that does not belong there. */
class Reader {
  #at = 0
  readonly #text: string

  constructor(text: string) {
    this.#text = text
  }

  document() {
    this.#value('a value')
    if (this.#at < this.#text.length) throw new Stop(this.#at, 'nothing may follow the end of the document')
  }

  #match(pattern: RegExp): boolean {
    pattern.lastIndex = this.#at
    const found = pattern.exec(this.#text)
    if (found) this.#at = pattern.lastIndex
    return found !== null
  }

  #sees(sign: string): boolean {
    if (this.#text[this.#at] !== sign) return false
    this.#at += 1
    return true
  }

  #value(expected: string) {
    this.#match(space)
    const start = this.#at
    if (this.#sees('{')) this.#list('}', () => this.#pair())
    else if (this.#sees('[')) this.#list(']', () => this.#value('a value'))
    else if (this.#sees('"')) this.#string(start)
    else if (!this.#match(literal) && !this.#match(number)) {
      throw new Stop(
        start,
        start >= this.#text.length ? `the text ends where ${expected} should be` : `${expected} should be here`,
      )
    }
    this.#match(space)
  }

  #pair() {
    this.#match(space)
    const start = this.#at
    if (!this.#sees('"')) throw new Stop(start, 'a name in double quotes should be here')
    this.#string(start)
    this.#match(space)
    if (!this.#sees(':')) throw new Stop(this.#at, 'a colon is missing after the name')
    this.#value('a value')
  }

  #list(end: string, item: () => void) {
    this.#match(space)
    if (this.#sees(end)) return
    for (;;) {
      item()
      const comma = this.#at
      if (this.#sees(end)) return
      if (!this.#sees(',')) {
        throw new Stop(
          comma,
          this.#at >= this.#text.length ? `the text ends before ${end}` : `a comma or ${end} is missing`,
        )
      }
      this.#match(space)
      if (this.#text[this.#at] === end) throw new Stop(comma, `take away the comma before ${end}`)
    }
  }

  #string(start: number) {
    for (;;) {
      const sign = this.#text[this.#at]
      if (sign === undefined || sign === '\n') throw new Stop(start, 'the closing double quote is missing')
      if (this.#sees('"')) return
      if (sign === '\\') {
        if (!this.#match(escapeSequence)) throw new Stop(this.#at, 'this backslash begins no valid escape')
      } else if (sign < ' ') {
        throw new Stop(this.#at, 'a tab or control character inside quotes has to be written as an escape')
      } else {
        this.#at += 1
      }
    }
  }
}

/** The first thing wrong with a JSON text, or null when it can be read. */
export function jsonProblem(text: string): JsonProblem | null {
  try {
    new Reader(text).document()
    return null
  } catch (thrown) {
    if (!(thrown instanceof Stop)) throw thrown
    const before = text.slice(0, thrown.at).split('\n')
    return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1, message: thrown.message }
  }
}

/** `Line 4, column 7: a comma or ] is missing` */
export const describeJsonProblem = ({ line, column, message }: JsonProblem) =>
  `Line ${line}, column ${column}: ${message}`
