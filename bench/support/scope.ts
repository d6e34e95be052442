/** Something that a bench opened. */
export interface Opened {
  close(): Promise<unknown>;
}

/** Keeps what was opened, to close it at the end. */
export type Keep = <T extends Opened>(opening: Promise<T>) => Promise<T>;

/**
 * Runs `work`; closes what it kept in reverse, also when it fails. What cannot be closed is said and
 * hides neither the figures nor the failure of the work.
 */
export async function withOpened<T>(work: (keep: Keep) => Promise<T>): Promise<T> {
  const opened: Opened[] = [];
  try {
    return await work(async (opening) => {
      const one = await opening;
      opened.push(one);
      return one;
    });
  } finally {
    for (const one of opened.reverse()) {
      await one.close().catch((error) => process.stderr.write(`could not close: ${error}\n`));
    }
  }
}
