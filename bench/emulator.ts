// What the emulator costs: time to start, to load, to answer and to write, and memory.

import { benchDescribeKey } from './emulator/describe-key.ts'
import { benchLoading } from './emulator/loading.ts'
import { benchMemory } from './emulator/memory.ts'
import { benchStart } from './emulator/start.ts'
import { benchWriting } from './emulator/writing.ts'

export async function benchEmulator(): Promise<void> {
  await benchStart()
  await benchLoading()
  await benchMemory()
  await benchDescribeKey()
  await benchWriting()
}
