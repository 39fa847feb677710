// On screen: which families the person sees now, so that the server reads these more often.

/** The server reads so many more often; of more than that, those further up count. */
const MOST = 50

function isSeen(element: Element): boolean {
  const { top, bottom, height } = element.getBoundingClientRect()
  return height > 0 && bottom > 0 && top < window.innerHeight
}

/** Key ids of the elements with `data-key-id` in the visible part of the page, each once. */
export function keyIdsOnScreen(): string[] {
  const keyIds = new Set<string>()
  for (const element of document.querySelectorAll('[data-key-id]')) {
    if (keyIds.size === MOST) break
    const keyId = element.getAttribute('data-key-id')
    if (keyId && isSeen(element)) keyIds.add(keyId)
  }
  return [...keyIds]
}
