// The data folder: nobody else may use it, which is found out before anything is built.

import { join } from 'node:path'
import { lockFolder } from '../../lib/store/folder-lock.ts'
import { Refusal } from './refusal.ts'

/**
 * Refuses a folder whose database a dashboard has open; this start's own dashboard will lock it again. The emulator's
 * state has a lock of its own, because two emulators on one file would lose each other's keys.
 */
export function claimDataFolder(dataDir: string, mode: 'emulator' | 'aws'): void {
  try {
    const release = lockFolder(dataDir)
    release()
    if (mode === 'emulator') process.once('exit', lockFolder(emulatorFolder(dataDir)))
  } catch (error) {
    throw new Refusal(error instanceof Error ? error.message : String(error))
  }
}

export const emulatorFolder = (dataDir: string) => join(dataDir, 'emulator')
