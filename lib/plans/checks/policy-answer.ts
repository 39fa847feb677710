// policy-answer: what a key policy alone says about an operation, whoever is going to ask for it.

interface Statement {
  Effect?: unknown
  Principal?: unknown
  Action?: unknown
  NotAction?: unknown
  Condition?: unknown
}

/**
 * Condition keys whose value is known before the call, by their names in lower case; null for one that the call does not
 * have. Every other key may have any value.
 */
export type KnownKeys = Readonly<Record<string, string | null>>

/**
 * `proven`: the policy gives it to everyone, so nothing but a denial elsewhere (IAM, an organization's policies) could
 * refuse it. `not allowed`: certain for everyone, as nothing can make up for a key policy. `not provable`: it is left to
 * IAM policies, to named principals or to conditions, and who will ask is not known here.
 */
export type PolicyAnswer = 'proven' | 'not allowed' | 'not provable'

/** The statements of a policy document, or null when the text is none. */
function statementsOf(policy: string): Statement[] | null {
  try {
    const document: unknown = JSON.parse(policy)
    if (typeof document !== 'object' || document === null || !('Statement' in document)) return null
    const statements = Array.isArray(document.Statement) ? document.Statement : [document.Statement]
    return statements.filter((statement): statement is Statement => typeof statement === 'object' && statement !== null)
  } catch {
    return null
  }
}

const listed = (texts: unknown): string[] =>
  (Array.isArray(texts) ? texts : [texts]).filter((text) => typeof text === 'string')

/** `*` and `?` stand for any characters and for one. Most patterns have neither, or one at their end, and need no search. */
function matches(pattern: string, text: string, how: 'exactly' | 'in any case'): boolean {
  if (how === 'in any case') return matches(pattern.toLowerCase(), text.toLowerCase(), 'exactly')
  const wild = pattern.search(/[*?]/)
  if (wild === -1) return pattern === text
  if (wild === pattern.length - 1 && pattern.endsWith('*')) return text.startsWith(pattern.slice(0, -1))
  const escaped = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.')
  return new RegExp(`^${escaped}$`, 's').test(text)
}

/** Action names are compared without case. */
function covers({ Action, NotAction }: Statement, action: string): boolean {
  const named = (actions: unknown) => listed(actions).some((pattern) => matches(pattern, action, 'in any case'))
  return Action === undefined ? NotAction !== undefined && !named(NotAction) : named(Action)
}

function isForEveryone({ Principal }: Statement): boolean {
  if (typeof Principal !== 'object' || Principal === null) return Principal === '*'
  return 'AWS' in Principal && listed(Principal.AWS).includes('*')
}

type Certainty = 'yes' | 'no' | 'maybe'

const certainly = (is: boolean): Certainty => (is ? 'yes' : 'no')

const OPERATOR = /^(?:(ForAnyValue|ForAllValues):)?String(Not)?(Equals|EqualsIgnoreCase|Like)(IfExists)?$/i

/** One condition on a key with this value; operators on anything but text may come out either way. */
function holds(operator: string, wanted: string[], value: string | null): Certainty {
  if (operator.toLowerCase() === 'null') return certainly(wanted.includes(String(value === null)))
  const [match, set = '', not, comparison = '', ifExists] = OPERATOR.exec(operator) ?? []
  // A policy variable is filled in at the call.
  if (match === undefined || wanted.some((text) => text.includes('${'))) return 'maybe'
  if (value === null) {
    if (set.toLowerCase() === 'foranyvalue') return 'no'
    return certainly(set !== '' || ifExists !== undefined || not !== undefined)
  }
  const how = comparison.toLowerCase()
  const found = wanted.some((text) =>
    how === 'like'
      ? matches(text, value, 'exactly')
      : how === 'equals'
        ? text === value
        : text.toLowerCase() === value.toLowerCase(),
  )
  return certainly(found !== (not !== undefined))
}

/** All conditions of a statement have to hold (IAM User Guide, "Conditions with multiple context keys or values"). */
function conditionHolds({ Condition }: Statement, known: KnownKeys): Certainty {
  if (Condition === undefined) return 'yes'
  if (typeof Condition !== 'object' || Condition === null) return 'maybe'
  const answers = Object.entries(Condition).flatMap(([operator, keys]) =>
    Object.entries((keys ?? {}) as Record<string, unknown>).map(([key, wanted]): Certainty => {
      const name = key.toLowerCase()
      const value = Object.hasOwn(known, name) ? known[name] : undefined
      return value === undefined ? 'maybe' : holds(operator, [wanted].flat().map(String), value)
    }),
  )
  if (answers.includes('no')) return 'no'
  return answers.includes('maybe') ? 'maybe' : 'yes'
}

/**
 * What the policy says about the action, as far as that is certain for everyone. Null for a text that is no policy.
 *
 * Source: IAM User Guide, "Policy evaluation logic"; KMS Developer Guide, "Key policies": without the key policy nobody
 * has access, the account's root included.
 */
export function policyAnswer(policy: string, action: string, known: KnownKeys = {}): PolicyAnswer | null {
  const statements = statementsOf(policy)?.filter((statement) => covers(statement, action))
  if (!statements) return null
  const weighed = statements.map((statement) => {
    const condition = conditionHolds(statement, known)
    const applies: Certainty = condition === 'yes' && !isForEveryone(statement) ? 'maybe' : condition
    return { effect: statement.Effect, applies }
  })
  const some = (effect: string, ...how: Certainty[]) =>
    weighed.some((each) => each.effect === effect && how.includes(each.applies))
  if (some('Deny', 'yes') || !some('Allow', 'yes', 'maybe')) return 'not allowed'
  return some('Allow', 'yes') && !some('Deny', 'maybe') ? 'proven' : 'not provable'
}

/** Does any statement about the action have a condition on this key? `key` in lower case. */
export function hasConditionOn(policy: string, action: string, key: string): boolean {
  const statements = statementsOf(policy) ?? []
  return statements.some(
    (statement) =>
      covers(statement, action) &&
      Object.values((statement.Condition ?? {}) as Record<string, object>).some((keys) =>
        Object.keys(keys ?? {}).some((name) => name.toLowerCase() === key),
      ),
  )
}
