// DescribeKey a second: what the emulator serves on one core, beside what the AWS SDK can send from one core.

import { CAN_PIN, cpuMsOf, end, firstMessage, SERVER_CORE, startProgram } from '../processes.ts'
import type { Rate } from '../rate.ts'
import { percent, perSecond, printTable } from '../table.ts'
import { lightRate, sdkRate } from './clients.ts'
import { REGION, someKeyIds, withEmulator } from './process.ts'

const TASK = { atOnce: 50, warmUpSeconds: 3, seconds: 6 }

export async function benchDescribeKey(): Promise<void> {
  const [served, measured, answer] = await withEmulator(
    { args: ['--scenario', 'fleet-1000x6'], core: SERVER_CORE },
    async (emulator) => {
      const { url, pid } = emulator
      const keyIds = await someKeyIds(emulator)
      const bodies = keyIds.map((KeyId) => ({ KeyId }))
      const light = () => lightRate({ url, region: REGION, operation: 'DescribeKey', bodies }, TASK)
      return [
        await withServer(pid, light),
        await withServer(pid, () => sdkRate({ url, region: REGION, keyIds }, TASK)),
        JSON.stringify(await emulator.kms('DescribeKey', { KeyId: keyIds[0] })),
      ]
    },
  )
  const ceiling = await sdkAgainstFixedAnswer(answer)
  const rowOf = (what: string, { perSecond: rate, busy, serverBusy }: Measured) => [
    what,
    perSecond(rate),
    percent(busy),
    percent(serverBusy),
  ]
  printTable(
    `DescribeKey, ${TASK.atOnce} calls at once, ${TASK.seconds} s, ${CAN_PIN ? 'client and server on a core each' : 'NOT pinned to cores'}`,
    ['what', 'calls', 'client busy', 'server busy'],
    [
      rowOf('the emulator serves (light client)', served),
      rowOf('the AWS SDK sends (to a fixed answer)', ceiling),
      rowOf('the AWS SDK measures at the emulator', measured),
    ],
  )
  const ratio = served.perSecond / ceiling.perSecond
  console.log(
    `\nserves ${ratio.toFixed(2)} times what the SDK can send from one core; goal ≥ 1: ${ratio >= 1 ? 'yes' : 'NO'}`,
  )
}

type Measured = Rate & { serverBusy: number }

/** Beside the rate, how busy the server was, start of the client and warm-up included. */
async function withServer(pid: number, measure: () => Promise<Rate>): Promise<Measured> {
  const [usedBefore, began] = [cpuMsOf(pid), performance.now()]
  const rate = await measure()
  return { ...rate, serverBusy: (cpuMsOf(pid) - usedBefore) / (performance.now() - began) }
}

async function sdkAgainstFixedAnswer(answer: string): Promise<Measured> {
  const server = startProgram('bench/programs/fixed-server.ts', [answer], SERVER_CORE)
  try {
    const url = String(await firstMessage(server))
    return await withServer(server.pid ?? 0, () => sdkRate({ url, region: REGION, keyIds: ['mrk-0'] }, TASK))
  } finally {
    await end(server)
  }
}
