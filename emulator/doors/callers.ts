// Who an access key id stands for: the root user of an account, or whom a control door has made known.

import { createHash } from 'node:crypto'
import { partitionOf } from '../keys/partitions.ts'
import { accountOf, rootUserOf, type Scope } from '../wire/credentials.ts'
import type { JsonObject } from '../wire/validation.ts'

export type Caller = {
  arn: string
  account: string
  /** The identity policies attached to the caller, as IAM keeps them. */
  policies: readonly JsonObject[]
}

/** The ARNs that a control door can give a caller: an IAM user, a role, or one of its sessions. */
const CALLER_ARN =
  /^arn:aws[a-z-]*:(?:iam::(\d{12}):(?:user|role)\/[^\s*?]+|sts::(\d{12}):(?:assumed-role\/[^\s*?/]+\/[^\s*?/]+|federated-user\/[^\s*?]+))$/

/** The account in the ARN of a caller, or nothing when the text is no such ARN. */
export function accountOfCaller(arn: string): string | undefined {
  const [, iam, sts] = CALLER_ARN.exec(arn) ?? []
  return iam ?? sts
}

/** IAM puts no limits on the root user of an account. */
const ROOT_POLICIES: readonly JsonObject[] = [
  { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] },
]

/**
 * The unique id of a caller: the account for its root user, AIDA… for a user, AROA… and the session name for a role.
 * Source: IAM User Guide, "IAM identifiers".
 */
export function userIdOf({ arn, account }: Pick<Caller, 'arn' | 'account'>): string {
  const [kind, ...path] = arn.slice(arn.lastIndexOf(':') + 1).split('/')
  const name = path.at(-1) ?? ''
  switch (kind) {
    case 'user':
      return uniqueId('AIDA', `${account} ${name}`)
    case 'role':
      return uniqueId('AROA', `${account} ${name}`)
    case 'assumed-role':
      return `${uniqueId('AROA', `${account} ${path[0]}`)}:${name}`
    case 'federated-user':
      return `${account}:${name}`
    default:
      return account
  }
}

const uniqueId = (prefix: string, text: string) =>
  prefix + createHash('sha256').update(text).digest('hex').slice(0, 17).toUpperCase()

export class Callers {
  readonly #known = new Map<string, Caller>()

  set(accessKeyId: string, caller: Caller): void {
    this.#known.set(accessKeyId, caller)
  }

  delete(accessKeyId: string): boolean {
    return this.#known.delete(accessKeyId)
  }

  clear(): void {
    this.#known.clear()
  }

  /** Those made known, in the order of their access key ids. */
  list(): [accessKeyId: string, caller: Caller][] {
    return [...this.#known].sort(([a], [b]) => (a < b ? -1 : 1))
  }

  /** Whose request this is. */
  of(scope: Scope, defaultAccount: string): Caller {
    const known = this.#known.get(scope.accessKeyId)
    if (known) return known
    const account = accountOf(scope, defaultAccount)
    return { arn: rootUserOf(partitionOf(scope.region), account), account, policies: ROOT_POLICIES }
  }
}
