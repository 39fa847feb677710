// Which partition a Region belongs to, and which Regions KMS is offered in.

const REGION_PATTERN = /^([a-z]+-){2,3}\d+$/

/** The Regions of the `aws` partition in the public endpoint data. */
const AWS_REGIONS = new Set(
  [
    'af-south-1 ap-east-1 ap-east-2 ap-northeast-1 ap-northeast-2 ap-northeast-3 ap-south-1 ap-south-2',
    'ap-southeast-1 ap-southeast-2 ap-southeast-3 ap-southeast-4 ap-southeast-5 ap-southeast-6 ap-southeast-7',
    'ca-central-1 ca-west-1 eu-central-1 eu-central-2 eu-north-1 eu-south-1 eu-south-2 eu-west-1 eu-west-2 eu-west-3',
    'il-central-1 me-central-1 me-south-1 mx-central-1 sa-east-1 us-east-1 us-east-2 us-west-1 us-west-2',
  ]
    .join(' ')
    .split(' '),
)

const PREFIXES: [prefix: string, partition: string][] = [
  ['cn-', 'aws-cn'],
  ['us-gov-', 'aws-us-gov'],
  ['eusc-', 'aws-eusc'],
  ['us-iso-', 'aws-iso'],
  ['us-isob-', 'aws-iso-b'],
  ['eu-isoe-', 'aws-iso-e'],
  ['us-isof-', 'aws-iso-f'],
  ['eu-isof-', 'aws-iso-f'],
]

export const looksLikeRegion = (region: string) => region.length <= 32 && REGION_PATTERN.test(region)

export function partitionOf(region: string): string {
  return PREFIXES.find(([prefix]) => region.startsWith(prefix))?.[1] ?? 'aws'
}

/** Whether a key of `partition` may have a member in `region`. Other partitions than `aws` are not listed one by one. */
export function isRegionOf(partition: string, region: string): boolean {
  if (partitionOf(region) !== partition) return false
  return partition !== 'aws' || AWS_REGIONS.has(region)
}
