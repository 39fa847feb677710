// DescribeKey through the AWS SDK, as many calls at once as it has sockets: what a product can send from one process.

import { DescribeKeyCommand, KMSClient } from '@aws-sdk/client-kms'
import { measureRate, orderFor, type Task } from '../rate.ts'

type Order = Task & { url: string; region: string; keyIds: string[] }

const { url, region, keyIds, ...task } = (await orderFor()) as Order
const kms = new KMSClient({ region, endpoint: url, credentials: { accessKeyId: 'bench', secretAccessKey: 'bench' } })

let next = 0
const result = await measureRate(task, () =>
  kms.send(new DescribeKeyCommand({ KeyId: keyIds[next++ % keyIds.length] })),
)
process.send?.(result, () => process.exit(0))
