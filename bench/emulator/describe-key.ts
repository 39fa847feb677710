// DescribeKey a second: what the emulator serves on one core, beside what the AWS SDK can send from one core.

import { CAN_PIN, end, nextMessage, SERVER_CORE, startProgram } from '../processes.ts'
import { percent, perSecond, printTable } from '../table.ts'
import { lightRate, type Measured, sdkRate } from './clients.ts'
import { REGION, someKeyIds, withEmulator } from './process.ts'

const TASK = { atOnce: 50, warmUpSeconds: 3, seconds: 6 }

export async function benchDescribeKey(): Promise<void> {
  const [served, measured, answer] = await withEmulator(
    { args: ['--scenario', 'fleet-1000x6'], core: SERVER_CORE },
    async (emulator) => {
      const keyIds = await someKeyIds(emulator)
      const calls = { region: REGION, operation: 'DescribeKey', bodies: keyIds.map((KeyId) => ({ KeyId })) }
      return [
        await lightRate(emulator, calls, TASK),
        await sdkRate(emulator, { region: REGION, keyIds }, TASK),
        JSON.stringify(await emulator.kms('DescribeKey', { KeyId: keyIds[0] })),
      ]
    },
  )
  const sent = await sdkAgainstFixedAnswer(answer)
  const perBusySecond = { served: served.perSecond / served.serverBusy, sent: sent.perSecond / sent.busy }
  printTable(
    `DescribeKey, ${TASK.atOnce} calls at once, ${TASK.seconds} s, ${CAN_PIN ? 'client and server on a core each' : 'NOT pinned to cores'}`,
    ['what', 'calls', 'client busy', 'server busy', 'for each second of its core'],
    [
      [...cellsOf('the emulator serves (light client)', served), perSecond(perBusySecond.served)],
      [...cellsOf('the AWS SDK sends (to a fixed answer)', sent), perSecond(perBusySecond.sent)],
      [...cellsOf('the AWS SDK measures at the emulator', measured), ''],
    ],
  )
  const ratio = served.perSecond / sent.perSecond
  const busyRatio = perBusySecond.served / perBusySecond.sent
  console.log(
    `\nThe emulator serves ${ratio.toFixed(2)} times what the SDK sends, by time of the core ${busyRatio.toFixed(2)} times. Goal ≥ 1: ${Math.min(ratio, busyRatio) >= 1 ? 'yes' : 'NO'}`,
  )
}

const cellsOf = (what: string, { perSecond: rate, busy, serverBusy }: Measured) => [
  what,
  perSecond(rate),
  percent(busy),
  percent(serverBusy),
]

async function sdkAgainstFixedAnswer(answer: string): Promise<Measured> {
  const server = startProgram('bench/programs/fixed-server.ts', [answer], { core: SERVER_CORE })
  try {
    const url = String(await nextMessage(server))
    return await sdkRate({ url, pid: server.pid ?? 0 }, { region: REGION, keyIds: ['mrk-0'] }, TASK)
  } finally {
    await end(server)
  }
}
