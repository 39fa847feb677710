// Key policies as companies write them.

type Statement = Record<string, unknown>

const policyOf = (statements: Statement[]) =>
  JSON.stringify({ Version: '2012-10-17', Id: 'key-policy', Statement: statements })

const role = (account: string, name: string) => `arn:aws:iam::${account}:role/${name}`

const accountRoot = (account: string): Statement => ({
  Sid: 'Enable IAM User Permissions',
  Effect: 'Allow',
  Principal: { AWS: `arn:aws:iam::${account}:root` },
  Action: 'kms:*',
  Resource: '*',
})

const ADMINISTRATION = [
  'kms:Describe*',
  'kms:List*',
  'kms:Get*',
  'kms:Enable*',
  'kms:Disable*',
  'kms:Put*',
  'kms:Update*',
  'kms:TagResource',
  'kms:UntagResource',
  'kms:CreateAlias',
  'kms:DeleteAlias',
  'kms:ReplicateKey',
  'kms:UpdatePrimaryRegion',
  'kms:RotateKeyOnDemand',
  'kms:ScheduleKeyDeletion',
  'kms:CancelKeyDeletion',
]

const keyAdmins = (account: string): Statement => ({
  Sid: 'Allow key administration',
  Effect: 'Allow',
  Principal: { AWS: role(account, 'KeyAdmin') },
  Action: ADMINISTRATION,
  Resource: '*',
})

/** From before there were promotions: `kms:Update*` would have allowed them. */
const ADMINISTRATION_WITHOUT_PROMOTION = [
  ...ADMINISTRATION.filter(
    (action) => !['kms:Update*', 'kms:UpdatePrimaryRegion', 'kms:ReplicateKey'].includes(action),
  ),
  'kms:UpdateAlias',
  'kms:UpdateKeyDescription',
]

const users = (account: string, name: string): Statement => ({
  Sid: 'Allow use of the key',
  Effect: 'Allow',
  Principal: { AWS: role(account, name) },
  Action: ['kms:Encrypt', 'kms:Decrypt', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:DescribeKey'],
  Resource: '*',
})

/** The account, the KeyAdmin role, and one role that uses the key. */
export const administeredPolicy = (account: string, userRole: string) =>
  policyOf([accountRoot(account), keyAdmins(account), users(account, userRole)])

/** As above, and it says into which Regions the key may go. */
export const regionBoundPolicy = (account: string, userRole: string, regions: string[]) =>
  policyOf([
    accountRoot(account),
    keyAdmins(account),
    users(account, userRole),
    {
      Sid: 'Keep the key in its Regions',
      Effect: 'Deny',
      Principal: { AWS: '*' },
      Action: 'kms:ReplicateKey',
      Resource: '*',
      Condition: { 'ForAnyValue:StringNotEquals': { 'kms:ReplicaRegion': regions } },
    },
  ])

/** As administered, but the admins may neither replicate nor promote. */
export const adminsCannotPromotePolicy = (account: string, userRole: string) =>
  policyOf([
    accountRoot(account),
    { ...keyAdmins(account), Action: ADMINISTRATION_WITHOUT_PROMOTION },
    users(account, userRole),
  ])

/** The same, and IAM policies of the account cannot make up for it. */
export const nobodyPromotesPolicy = (account: string, userRole: string) =>
  policyOf([
    { ...accountRoot(account), Action: ADMINISTRATION_WITHOUT_PROMOTION },
    { ...keyAdmins(account), Action: ADMINISTRATION_WITHOUT_PROMOTION },
    users(account, userRole),
  ])

/** Open to everyone, as it should never be. */
export const openPolicy = (account: string) =>
  policyOf([
    accountRoot(account),
    {
      Sid: 'Temporary, remove after migration',
      Effect: 'Allow',
      Principal: { AWS: '*' },
      Action: ['kms:Decrypt', 'kms:DescribeKey'],
      Resource: '*',
    },
  ])

/** A role has everything, and nobody else anything. */
export const withoutAccountRoot = (account: string) =>
  policyOf([
    {
      Sid: 'Only the platform team',
      Effect: 'Allow',
      Principal: { AWS: role(account, 'PlatformOwner') },
      Action: 'kms:*',
      Resource: '*',
    },
  ])
