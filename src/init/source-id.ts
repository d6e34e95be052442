import type { VendorEnvironment } from './answers.ts';

/** The id of the source, as keysweep.yaml defines it and keys.csv refers to it. */
export function sourceId(environment: VendorEnvironment): string {
  return environment === 'sandbox' ? 'flexcharge-sandbox' : 'flexcharge-prod';
}
