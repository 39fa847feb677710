// Clients in processes of their own, on a core of their own where there are two.

import { CLIENT_CORE, cpuMsOf, end, nextMessage, startProgram } from '../processes.ts'
import type { Rate, Task } from '../rate.ts'

export type Server = { url: string; pid: number }
export type Calls = { region: string; operation: string; bodies: object[] }

/** What a client measured, and the share of one core that the server used meanwhile. */
export type Measured = Rate & { serverBusy: number }

/** Calls without any work of a client around them. */
export const lightRate = (server: Server, calls: Calls, task: Task) =>
  rateOf('bench/programs/light-client.ts', server, { ...calls, ...task })

/** DescribeKey as the AWS SDK sends it. */
export const sdkRate = (server: Server, calls: { region: string; keyIds: string[] }, task: Task) =>
  rateOf('bench/programs/sdk-client.ts', server, { ...calls, ...task })

async function rateOf(program: string, { url, pid }: Server, order: object): Promise<Measured> {
  const child = startProgram(program, [], { core: CLIENT_CORE })
  try {
    child.send({ ...order, url })
    await nextMessage(child) // the measured time begins
    const [usedBefore, began] = [cpuMsOf(pid), performance.now()]
    const rate = (await nextMessage(child)) as Rate
    return { ...rate, serverBusy: (cpuMsOf(pid) - usedBefore) / (performance.now() - began) }
  } finally {
    await end(child)
  }
}
