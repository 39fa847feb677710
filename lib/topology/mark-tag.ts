// The mark: CreateKey has no client token, so a key that a run makes carries a tag that names its step.

/** Added to a new key, never copied to a replica key, and refused in what people type. */
export const MARK_TAG = 'atlas:step'
