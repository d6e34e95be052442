import { type Fault, fileStart } from '../../documents/mistake.ts';
import type { NotRead } from '../../documents/read-text.ts';

/** The mistake of a keysweep.yaml that cannot be read. */
export function unreadConfig({ fault, why }: NotRead): Fault {
  const mend =
    fault === 'absent' ? '; keysweep init writes one, and --config names one elsewhere' : '';
  return { ...fileStart, path: [], message: `cannot be read: ${why}${mend}` };
}
