import type { Ended } from './command.ts';

/** The parts of a JSON report that tests look at. */
export interface ReportText {
  readonly sweep: { readonly id: string; readonly status: string; readonly scope: string };
  readonly coverage: Readonly<Record<'tracked' | 'audited' | 'unknown' | 'partial', number>>;
  readonly keys: readonly { readonly keyId: string; readonly verdict: string }[];
  readonly violations: readonly Readonly<
    Record<'fingerprint' | 'rule' | 'keyId' | 'status', string>
  >[];
  readonly unknowns: readonly {
    readonly keyId: string;
    readonly rule: string | null;
    readonly reason: string;
    readonly detail: string;
  }[];
}

/** What a command printed, read as JSON; what it said instead is in the error. */
export function readJsonOutput<T = ReportText>({ stdout, stderr, code }: Ended): T {
  try {
    return JSON.parse(stdout) as T;
  } catch {
    throw new Error(`no JSON, exit ${code}: ${stdout.slice(0, 500)} ${stderr.slice(-2_000)}`);
  }
}
