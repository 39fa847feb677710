import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { csv } from './csv'

/** A reader after RFC 4180, written apart from the writer. */
function parse(text: string): string[][] {
  const rows: string[][] = []
  let row: string[] = []
  let field = ''
  let quoted = false
  for (let at = 0; at < text.length; at++) {
    const char = text.charAt(at)
    if (quoted) {
      if (char !== '"') field += char
      else if (text[at + 1] === '"') {
        field += '"'
        at++
      } else quoted = false
    } else if (char === '"') quoted = true
    else if (char === ',') {
      row.push(field)
      field = ''
    } else if (char === '\r' && text[at + 1] === '\n') {
      rows.push([...row, field])
      row = []
      field = ''
      at++
    } else field += char
  }
  return rows
}

describe('csv', () => {
  it('quotes what would break a line or a field', () => {
    expect(csv([['a', 'b,c', 'd"e', 'f\ng']])).toBe('a,"b,c","d""e","f\ng"\r\n')
  })

  it.each(['=1+1', '+cmd', '-2+3', '@SUM(A1)', '\t=1', ' =1', '\r=1', '＝1', '\n1', '\tx'])(
    'lets no spreadsheet run %j',
    (text) => {
      expect(parse(csv([[text]]))).toEqual([[`'${text}`]])
    },
  )

  it('leaves numbers, key ids and aliases as they are', () => {
    const row = ['-1', '3.5', 'mrk-1234', 'alias/a-b', 'us-east-1', '']
    expect(csv([row])).toBe(`${row.join(',')}\r\n`)
  })

  it('is read again as it was written, apart from the apostrophe', () => {
    const rows = fc.array(fc.array(fc.string({ unit: 'grapheme' }), { minLength: 1, maxLength: 5 }), { minLength: 1 })
    fc.assert(
      fc.property(rows, (given) => {
        const unarmed = parse(csv(given)).map((row, y) =>
          row.map((text, x) => (text === `'${given[y]?.[x]}` ? text.slice(1) : text)),
        )
        expect(unarmed).toEqual(given)
      }),
    )
  })
})
