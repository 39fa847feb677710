// The operations of custom key stores: known, and refused, since this emulator stands in for no HSM and no key manager.

import { operation } from '../calls/operation.ts'
import { unsupported } from '../wire/errors.ts'
import { limit, marker } from '../wire/members.ts'
import type { Members } from '../wire/validation.ts'

const storeId = { type: 'string', minLength: 1, maxLength: 64 } as const
const storeName = { type: 'string', minLength: 1, maxLength: 256 } as const
const oneStore = { CustomKeyStoreId: { ...storeId, required: true } } as const

/** What can be said of a store both when it is made and later. */
const properties = {
  CloudHsmClusterId: { type: 'string', minLength: 19, maxLength: 24, pattern: 'cluster-[2-7a-zA-Z]{11,16}' },
  KeyStorePassword: { type: 'string', minLength: 7, maxLength: 32, sensitive: true },
  XksProxyUriEndpoint: { type: 'string', minLength: 10, maxLength: 128, pattern: '^https://[a-zA-Z0-9.-]+$' },
  XksProxyUriPath: {
    type: 'string',
    minLength: 10,
    maxLength: 128,
    pattern: String.raw`^(/[a-zA-Z0-9\/_-]+/kms/xks/v\d{1,2})$|^(/kms/xks/v\d{1,2})$`,
  },
  XksProxyVpcEndpointServiceName: {
    type: 'string',
    minLength: 20,
    maxLength: 64,
    pattern: String.raw`^(com|eu)\.amazonaws\.vpce\.([a-z]+-){2,3}\d+\.vpce-svc-[0-9a-z]+$`,
  },
  XksProxyVpcEndpointServiceOwner: { type: 'string', minLength: 12, maxLength: 12, pattern: '[0-9]{12}' },
  XksProxyAuthenticationCredential: {
    type: 'structure',
    members: {
      AccessKeyId: {
        type: 'string',
        required: true,
        minLength: 20,
        maxLength: 30,
        pattern: '^[A-Z2-7]+$',
        sensitive: true,
      },
      RawSecretAccessKey: {
        type: 'string',
        required: true,
        minLength: 43,
        maxLength: 64,
        pattern: String.raw`^[a-zA-Z0-9\/+=]+$`,
        sensitive: true,
      },
    },
  },
  XksProxyConnectivity: { type: 'string', values: ['PUBLIC_ENDPOINT', 'VPC_ENDPOINT_SERVICE'] },
} as const

const refused = (input: Members) =>
  operation(input, (_request, context) => {
    throw unsupported(`The emulator does not support ${context.operation}: it has no custom key stores.`)
  })

export const createCustomKeyStore = refused({
  CustomKeyStoreName: { ...storeName, required: true },
  TrustAnchorCertificate: { type: 'string', minLength: 1, maxLength: 5000 },
  CustomKeyStoreType: { type: 'string', values: ['AWS_CLOUDHSM', 'EXTERNAL_KEY_STORE'] },
  ...properties,
})
export const updateCustomKeyStore = refused({ ...oneStore, NewCustomKeyStoreName: storeName, ...properties })
export const connectCustomKeyStore = refused(oneStore)
export const disconnectCustomKeyStore = refused(oneStore)
export const deleteCustomKeyStore = refused(oneStore)
export const describeCustomKeyStores = refused({
  CustomKeyStoreId: storeId,
  CustomKeyStoreName: storeName,
  Limit: limit(1000),
  Marker: marker,
})
