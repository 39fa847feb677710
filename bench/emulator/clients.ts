// Clients in processes of their own, on a core of their own where there are two.

import { CLIENT_CORE, end, firstMessage, startProgram } from '../processes.ts'
import type { Rate, Task } from '../rate.ts'

export type Calls = { url: string; region: string; operation: string; bodies: object[] }

/** Calls without any work of a client around them. */
export const lightRate = (calls: Calls, task: Task) => rateOf('bench/programs/light-client.ts', { ...calls, ...task })

/** DescribeKey as the AWS SDK sends it. */
export const sdkRate = (calls: Pick<Calls, 'url' | 'region'> & { keyIds: string[] }, task: Task) =>
  rateOf('bench/programs/sdk-client.ts', { ...calls, ...task })

async function rateOf(program: string, order: object): Promise<Rate> {
  const child = startProgram(program, [], CLIENT_CORE)
  try {
    child.send(order)
    return (await firstMessage(child)) as Rate
  } finally {
    await end(child)
  }
}
