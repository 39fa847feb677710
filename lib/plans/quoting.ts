// Quoting: hostile text on a command line, and in source code, without surprises.

/**
 * Characters that a terminal would act on, or that hide what they are: controls but the newline, and the marks that
 * reverse or join text.
 */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the ones that must not reach a terminal
const unsafe = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g

/** `value` for a POSIX shell: plain words as they are, all else in single quotes, where nothing is expanded. */
export function quote(value: string): string {
  return /^[A-Za-z0-9_/:.,@%+-][A-Za-z0-9_/:.,@%+=-]*$/.test(value) ? value : `'${value.replaceAll("'", `'\\''`)}'`
}

/** JSON in which nothing invisible is left; as a string literal it is good for JavaScript and Python too. */
export const visibleJson = (value: unknown) =>
  JSON.stringify(value).replace(unsafe, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`)

/**
 * May the value stand on the command line? The AWS CLI reads the file or page that a value beginning with `file://`
 * or the like names, and a terminal acts on control characters: such values go into `--cli-input-json`, which does
 * neither.
 */
export const isPlain = (value: string) => !/^(fileb?|https?):\/\//i.test(value) && value.search(unsafe) < 0
