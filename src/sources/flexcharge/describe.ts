import { secret } from '../../options/checked.ts';
import type { VendorDescription } from '../vendor.ts';

export const flexcharge = {
  hosts: {
    sandbox: 'https://api-sandbox.flex-charge.com/v1',
    production: 'https://api.flex-charge.com/v1',
  },
  secrets: { appKey: secret, appSecret: secret },
  // The first three are documented for a single key, the last for lists of keys.
  documentedTypes: ['secret', 'public', 'tokenization', 'publishable'],
  load: async () => (await import('./create-client.ts')).createFlexchargeClient,
} as const satisfies VendorDescription;
