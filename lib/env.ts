// All variables of the environment, parsed once. The README lists what each means.

import { z } from 'zod'

/** Text of digits, and nothing else that JavaScript would take for a number. */
const wholeNumber = z
  .string()
  .regex(/^\d{1,9}$/, 'not a whole number')
  .transform(Number)

const port = wholeNumber.pipe(z.number().max(65_535, 'not a port: 0 to 65535'))

const regionName = z.string().regex(/^([a-z]+-){2,3}\d+$/, 'write Regions like us-east-1,eu-west-1')

export const envSchema = z.object({
  PORT: port.default(3000),
  HOST: z.string().min(1).default('127.0.0.1'),
  ATLAS_DATA_DIR: z.string().min(1).default('.atlas'),
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/, error: 'write it like postgres://user@host/name' }).optional(),
  ATLAS_REGIONS: z
    .string()
    .transform((list) =>
      list
        .split(',')
        .map((name) => name.trim())
        .filter(Boolean),
    )
    .pipe(z.array(regionName).min(1, 'name at least one Region'))
    .optional(),
  ATLAS_MAX_REPLICAS: wholeNumber.pipe(z.number().min(1, 'at least 1')).default(10),
  /** Percent of each request quota that background reads may use. */
  ATLAS_QUOTA_SHARE: wholeNumber.pipe(z.number().min(1, '1 to 100').max(100, '1 to 100')).default(25),
  EMULATOR_PORT: port.default(4566),
  ATLAS_SCENARIO: z
    .string()
    .regex(/^[a-z0-9-]+$/, 'not the name of a scenario')
    .default('demo'),
  /** The emulator's address, handed over by the start script: the training switch, and the sign of emulator mode. */
  ATLAS_TRAINING_URL: z.url().optional(),
  AWS_REGION: z.string().optional(),
  AWS_ENDPOINT_URL_KMS: z.url({ protocol: /^https?$/, error: 'write it like https://host' }).optional(),
})

export type Env = z.infer<typeof envSchema>

/** Parses the variables, or throws one sentence that names each wrong one. Empty strings count as unset. */
export function parseEnv(variables: Record<string, string | undefined>): Env {
  const given = Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== ''))
  const parsed = envSchema.safeParse(given)
  if (parsed.success) return parsed.data
  const wrong = parsed.error.issues.map(({ path: [variable], message }) => `${String(variable)} (${message})`)
  throw new Error(`Wrong value in the environment: ${[...new Set(wrong)].join('; ')}`)
}

let parsed: Env | undefined

/** The process's own variables. */
export function env(): Env {
  parsed ??= parseEnv(process.env)
  return parsed
}
