// Quoting: hostile text on a command line, and in source code, without surprises.

/**
 * Characters that a terminal would act on, or that hide what they are: controls but the newline, invisible marks that
 * reverse or join text, and halves of a surrogate pair, which no file can hold.
 */
const unsafe = /[^\P{C}\n]|[\u2028\u2029]/gu

/** `value` for a POSIX shell: plain words as they are, all else in single quotes, where nothing is expanded. */
export function quote(value: string): string {
  return /^[A-Za-z0-9_/:.,@%+-][A-Za-z0-9_/:.,@%+=-]*$/.test(value) ? value : `'${value.replaceAll("'", `'\\''`)}'`
}

const escaped = (characters: string) =>
  Array.from({ length: characters.length }, (_, at) => `\\u${characters.charCodeAt(at).toString(16).padStart(4, '0')}`)

/** JSON in which nothing invisible is left; as a string literal it is good for JavaScript too. */
export const visibleJson = (value: unknown) =>
  JSON.stringify(value).replace(unsafe, (characters) => escaped(characters).join(''))

/**
 * May the value stand on the command line? The AWS CLI reads the file or page that a value beginning with `file://`
 * or the like names, and a terminal acts on control characters: such values go into `--cli-input-json`, which does
 * neither.
 */
export const isPlain = (value: string) => !/^(fileb?|https?):\/\//i.test(value) && value.search(unsafe) < 0
