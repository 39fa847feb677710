// Regions of AWS KMS: long names, partitions, which are enabled in a new account, and how far apart they are.

const longNames: Readonly<Record<string, string>> = {
  'af-south-1': 'Africa (Cape Town)',
  'ap-east-1': 'Asia Pacific (Hong Kong)',
  'ap-east-2': 'Asia Pacific (Taipei)',
  'ap-northeast-1': 'Asia Pacific (Tokyo)',
  'ap-northeast-2': 'Asia Pacific (Seoul)',
  'ap-northeast-3': 'Asia Pacific (Osaka)',
  'ap-south-1': 'Asia Pacific (Mumbai)',
  'ap-south-2': 'Asia Pacific (Hyderabad)',
  'ap-southeast-1': 'Asia Pacific (Singapore)',
  'ap-southeast-2': 'Asia Pacific (Sydney)',
  'ap-southeast-3': 'Asia Pacific (Jakarta)',
  'ap-southeast-4': 'Asia Pacific (Melbourne)',
  'ap-southeast-5': 'Asia Pacific (Malaysia)',
  'ap-southeast-6': 'Asia Pacific (New Zealand)',
  'ap-southeast-7': 'Asia Pacific (Thailand)',
  'ca-central-1': 'Canada (Central)',
  'ca-west-1': 'Canada West (Calgary)',
  'cn-north-1': 'China (Beijing)',
  'cn-northwest-1': 'China (Ningxia)',
  'eu-central-1': 'Europe (Frankfurt)',
  'eu-central-2': 'Europe (Zurich)',
  'eu-isoe-west-1': 'EU ISOE West',
  'eu-north-1': 'Europe (Stockholm)',
  'eu-south-1': 'Europe (Milan)',
  'eu-south-2': 'Europe (Spain)',
  'eu-west-1': 'Europe (Ireland)',
  'eu-west-2': 'Europe (London)',
  'eu-west-3': 'Europe (Paris)',
  'eusc-de-east-1': 'AWS European Sovereign Cloud (Germany)',
  'il-central-1': 'Israel (Tel Aviv)',
  'me-central-1': 'Middle East (UAE)',
  'me-south-1': 'Middle East (Bahrain)',
  'mx-central-1': 'Mexico (Central)',
  'sa-east-1': 'South America (São Paulo)',
  'us-east-1': 'US East (N. Virginia)',
  'us-east-2': 'US East (Ohio)',
  'us-gov-east-1': 'AWS GovCloud (US-East)',
  'us-gov-west-1': 'AWS GovCloud (US-West)',
  'us-iso-east-1': 'US ISO East',
  'us-iso-west-1': 'US ISO West',
  'us-isob-east-1': 'US ISOB East (Ohio)',
  'us-isob-west-1': 'US ISOB West',
  'us-isof-east-1': 'US ISOF East',
  'us-isof-south-1': 'US ISOF South',
  'us-west-1': 'US West (N. California)',
  'us-west-2': 'US West (Oregon)',
}

/** Prefixes in the order in which they are tried: the longer names first. */
const partitionPrefixes = [
  ['cn-', 'aws-cn'],
  ['us-gov-', 'aws-us-gov'],
  ['eusc-', 'aws-eusc'],
  ['us-isob-', 'aws-iso-b'],
  ['us-isof-', 'aws-iso-f'],
  ['us-iso-', 'aws-iso'],
  ['eu-isoe-', 'aws-iso-e'],
] as const

/**
 * Enabled in every account of `aws`; the others are opt-in.
 * From general knowledge, not confirmed by one AWS page: `ATLAS_REGIONS` overrides it.
 */
const defaultOfAws = [
  'ap-northeast-1',
  'ap-northeast-2',
  'ap-northeast-3',
  'ap-south-1',
  'ap-southeast-1',
  'ap-southeast-2',
  'ca-central-1',
  'eu-central-1',
  'eu-north-1',
  'eu-west-1',
  'eu-west-2',
  'eu-west-3',
  'sa-east-1',
  'us-east-1',
  'us-east-2',
  'us-west-1',
  'us-west-2',
] as const

/** `Europe (Ireland)`; a Region that is not known here is shown by its id. */
export const regionName = (region: string) =>
  Object.hasOwn(longNames, region) ? (longNames[region] ?? region) : region

/** The partition a Region belongs to; multi-Region keys never cross one. */
export const partitionOf = (region: string): string =>
  partitionPrefixes.find(([prefix]) => region.startsWith(prefix))?.[1] ?? 'aws'

/** All Regions of a partition in which KMS is offered, sorted (endpoint data of the AWS SDKs). */
export const kmsRegions = (partition: string): string[] =>
  Object.keys(longNames).filter((region) => partitionOf(region) === partition)

/** The Regions to read when nobody says which: those enabled by default; all of them outside `aws`. */
export const defaultRegions = (partition: string): string[] =>
  partition === 'aws' ? [...defaultOfAws] : kmsRegions(partition)

/**
 * Degrees north and east of the city that a Region is named for; of the best known site where it is named for a state or
 * a country. AWS does not publish where its data centres are, and nothing is known of the isolated partitions: good
 * enough to tell which of two Regions is nearer, and for nothing else.
 *
 * Source: the names in "AWS Regions" (AWS Global Infrastructure documentation); coordinates of the cities, rounded.
 */
const places: Readonly<Record<string, readonly [north: number, east: number]>> = {
  'af-south-1': [-33.9, 18.4],
  'ap-east-1': [22.3, 114.2],
  'ap-east-2': [25.0, 121.6],
  'ap-northeast-1': [35.7, 139.7],
  'ap-northeast-2': [37.6, 127.0],
  'ap-northeast-3': [34.7, 135.5],
  'ap-south-1': [19.1, 72.9],
  'ap-south-2': [17.4, 78.5],
  'ap-southeast-1': [1.3, 103.8],
  'ap-southeast-2': [-33.9, 151.2],
  'ap-southeast-3': [-6.2, 106.8],
  'ap-southeast-4': [-37.8, 145.0],
  'ap-southeast-5': [3.1, 101.7],
  'ap-southeast-6': [-36.8, 174.8],
  'ap-southeast-7': [13.8, 100.5],
  'ca-central-1': [45.5, -73.6],
  'ca-west-1': [51.0, -114.1],
  'cn-north-1': [39.9, 116.4],
  'cn-northwest-1': [37.5, 105.2],
  'eu-central-1': [50.1, 8.7],
  'eu-central-2': [47.4, 8.5],
  'eu-north-1': [59.3, 18.1],
  'eu-south-1': [45.5, 9.2],
  'eu-south-2': [41.7, -0.9],
  'eu-west-1': [53.3, -6.3],
  'eu-west-2': [51.5, -0.1],
  'eu-west-3': [48.9, 2.4],
  'eusc-de-east-1': [52.4, 13.1],
  'il-central-1': [32.1, 34.8],
  'me-central-1': [25.2, 55.3],
  'me-south-1': [26.1, 50.6],
  'mx-central-1': [20.6, -100.4],
  'sa-east-1': [-23.6, -46.6],
  'us-east-1': [39.0, -77.5],
  'us-east-2': [40.0, -83.0],
  'us-gov-east-1': [40.0, -83.0],
  'us-gov-west-1': [45.8, -119.7],
  'us-west-1': [37.8, -122.4],
  'us-west-2': [45.8, -119.7],
}

const EARTH_RADIUS_KM = 6371

const radians = (degrees: number) => (degrees * Math.PI) / 180

/** Along the great circle; infinite where the place of one of them is not known. */
export function distanceKm(a: string, b: string): number {
  if (a === b) return 0
  const [from, to] = [a, b].map((region) => (Object.hasOwn(places, region) ? places[region] : undefined))
  if (!from || !to) return Number.POSITIVE_INFINITY
  const [northA, eastA] = [radians(from[0]), radians(from[1])]
  const [northB, eastB] = [radians(to[0]), radians(to[1])]
  const haversine =
    Math.sin((northB - northA) / 2) ** 2 + Math.cos(northA) * Math.cos(northB) * Math.sin((eastB - eastA) / 2) ** 2
  return 2 * EARTH_RADIUS_KM * Math.asin(Math.sqrt(haversine))
}
