import { format } from 'node:util';
import type { Logger } from 'pino';

/**
 * Libraries warn through the console and through Node's process warnings, as plain text. From now
 * on, each distinct warning becomes one line of the log, which hides secrets.
 */
export function hearLibraries(log: Logger): void {
  const heard = new Set<string>();
  const warn = (words: string) => {
    if (heard.has(words)) return;
    heard.add(words);
    log.warn({ words }, 'a library warns');
  };
  const hearConsole = (...args: readonly unknown[]) => warn(format(...args));
  Object.assign(console, { warn: hearConsole, error: hearConsole });
  // Node's own listener prints the warning as text.
  process.removeAllListeners('warning');
  process.on('warning', ({ message }) => warn(message));
}
