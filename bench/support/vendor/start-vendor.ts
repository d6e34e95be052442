import { forkPart } from '../processes/fork-part.ts';
import type { Journal, VendorMessage, VendorOptions } from './vendor-options.ts';

/** The vendor as a process of its own: its processor time is not ours. */
export interface VendorProcess {
  readonly url: string;
  readonly pid: number;
  /** See `VendorMessage`. */
  tell(message: VendorMessage): Promise<void>;
  takeJournal(): Promise<Journal>;
  close(): Promise<void>;
}

export async function startVendor(options: VendorOptions): Promise<VendorProcess> {
  const { fleet, latencyMs, capacity } = options;
  const { part, answer } = forkPart('vendor', { fleet, latencyMs, capacity });
  const { url } = (await answer) as { url: string };
  return {
    url,
    pid: part.pid,
    async tell(message) {
      await part.ask(message);
    },
    takeJournal: async () => (await part.ask({ kind: 'take-journal' })) as Journal,
    close: part.close,
  };
}
