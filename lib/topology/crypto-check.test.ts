import { describe, expect, it } from 'vitest'
import { cryptoCheckRequest, maxTextBytes } from './crypto-check'

const request = {
  keyId: `mrk-${'0'.repeat(32)}`,
  keySpec: 'SYMMETRIC_DEFAULT',
  keyUsage: 'ENCRYPT_DECRYPT',
  fromRegion: 'us-east-1',
  toRegion: 'eu-west-1',
  fromTarget: 'alias/orders',
  target: 'alias/orders',
  text: 'Hello',
}

const wrongFields = (changed: Partial<typeof request>) =>
  cryptoCheckRequest.safeParse({ ...request, ...changed }).error?.issues.map((issue) => issue.path.join('.'))

describe('cryptoCheckRequest', () => {
  it.each([
    'alias/orders',
    'alias/team/orders_2-a',
    request.keyId,
    `arn:aws:kms:eu-west-1:111122223333:key/${request.keyId}`,
  ])('takes %s for the name of a key', (target) => {
    expect(cryptoCheckRequest.parse({ ...request, target })).toEqual({ ...request, target })
  })

  it('names the field that is wrong', () => {
    expect(wrongFields({ text: '' })).toEqual(['text'])
    expect(wrongFields({ fromRegion: '' })).toEqual(['fromRegion'])
    expect(wrongFields({ target: 'orders' })).toEqual(['target'])
    expect(wrongFields({ fromTarget: '1234abcd-12ab-34cd-56ef-1234567890ab' })).toEqual(['fromTarget'])
  })

  it('counts bytes, not letters, and knows that RSA takes less', () => {
    expect(wrongFields({ text: 'é'.repeat(2048) })).toBeUndefined()
    expect(wrongFields({ text: 'é'.repeat(2049) })).toEqual(['text'])
    expect(wrongFields({ keySpec: 'RSA_2048', text: 'x'.repeat(190) })).toBeUndefined()
    expect(wrongFields({ keySpec: 'RSA_2048', text: 'x'.repeat(191) })).toEqual(['text'])
    expect(maxTextBytes('RSA_2048', 'SIGN_VERIFY')).toBe(4096)
  })
})
