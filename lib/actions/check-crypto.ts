'use server'

import { checkCrypto } from '@/lib/runs/check-crypto'
import { cryptoCheckRequest } from '@/lib/topology/crypto-check'
import { guardedAction } from './guarded-action'

/** Encrypts (signs, authenticates) a text in one Region and tries it in another. */
export const checkCryptoAction = guardedAction(cryptoCheckRequest, checkCrypto)
