// CSV for spreadsheets: RFC 4180, and no cell that a spreadsheet would run as a formula.

/**
 * What opens a formula in Excel, LibreOffice or Google Sheets: these characters, also in full width and behind spaces,
 * and a leading tab or line break (OWASP, "CSV Injection").
 */
const opensFormula = /^(?:[\t\r\n]|\s*[=+\-@＝＋－＠])/

const isNumber = /^-?\d+(\.\d+)?$/

/** A leading apostrophe makes it text, in the file too; plain numbers are harmless and stay as they are. */
const harmless = (text: string) => (opensFormula.test(text) && !isNumber.test(text) ? `'${text}` : text)

const cell = (text: string) => {
  const safe = harmless(text)
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

/** Lines end with CRLF, the last one too. */
export const csv = (rows: readonly (readonly string[])[]): string =>
  rows.map((row) => `${row.map(cell).join(',')}\r\n`).join('')
