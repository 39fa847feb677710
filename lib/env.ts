// All variables of the environment, parsed once. `contract.md` lists what each means.

import { z } from 'zod'

const port = z.coerce.number().int().min(0).max(65535)

const regionName = z.string().regex(/^([a-z]+-){2,3}\d+$/)

export const envSchema = z.object({
  PORT: port.default(3000),
  HOST: z.string().min(1).default('127.0.0.1'),
  ATLAS_DATA_DIR: z.string().min(1).default('.atlas'),
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }).optional(),
  ATLAS_REGIONS: z
    .string()
    .transform((list) =>
      list
        .split(',')
        .map((name) => name.trim())
        .filter(Boolean),
    )
    .pipe(z.array(regionName).min(1))
    .optional(),
  ATLAS_MAX_REPLICAS: z.coerce.number().int().min(1).default(10),
  EMULATOR_PORT: port.default(4566),
  ATLAS_SCENARIO: z
    .string()
    .regex(/^[a-z0-9-]+$/)
    .default('demo'),
  /** The emulator's address, handed over by the start script: the training switch, and the sign of emulator mode. */
  ATLAS_TRAINING_URL: z.url().optional(),
  AWS_REGION: z.string().optional(),
  AWS_ENDPOINT_URL_KMS: z.url().optional(),
})

export type Env = z.infer<typeof envSchema>

/** Parses the variables, or throws one sentence that names each wrong one. Empty strings count as unset. */
export function parseEnv(variables: Record<string, string | undefined>): Env {
  const given = Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== ''))
  const parsed = envSchema.safeParse(given)
  if (parsed.success) return parsed.data
  const wrong = parsed.error.issues.map((issue) => `${issue.path.join('.')} (${issue.message})`)
  throw new Error(`Wrong value in the environment: ${[...new Set(wrong)].join('; ')}`)
}

let parsed: Env | undefined

/** The process's own variables. */
export function env(): Env {
  parsed ??= parseEnv(process.env)
  return parsed
}
