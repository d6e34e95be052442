/** The policies that come with keysweep: `config/policies/NAME.yaml`. */
export const policyNames = ['starter', 'cis-aws', 'pci-dss', 'owasp-nhi'] as const;

export const environments = ['sandbox', 'production'] as const;
export type VendorEnvironment = (typeof environments)[number];

/** What `keysweep init` has to know before it can write anything. */
export interface InitAnswers {
  readonly environment: VendorEnvironment;
  /** When to sweep: a cron line that was checked. */
  readonly cron: string;
}

export const defaultAnswers: InitAnswers = { environment: 'sandbox', cron: '30 2 * * *' };
