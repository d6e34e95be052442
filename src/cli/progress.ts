import { createColors } from 'picocolors';
import type { Terminal } from './terminal.ts';

/** How far a sweep has come, drawn over itself on a terminal; nothing where there is none. */
export interface ProgressBar {
  show(done: number, total: number): void;
  note(text: string): void;
  clear(): void;
}

const barWidth = 30;

export function createProgressBar(
  { stderr }: Pick<Terminal, 'stderr'>,
  enabled: boolean,
  color: boolean,
): ProgressBar {
  if (!enabled || stderr.isTTY !== true) {
    return { show: () => undefined, note: () => undefined, clear: () => undefined };
  }
  const paint = createColors(color);
  const startedAt = performance.now();
  const draw = (text: string) => stderr.write(`\r\u001b[K${text}`);
  return {
    show(done, total) {
      const filled = total === 0 ? 0 : Math.floor((barWidth * done) / total);
      const bar = paint.cyan('█'.repeat(filled)) + paint.dim('░'.repeat(barWidth - filled));
      const seconds = Math.floor((performance.now() - startedAt) / 1_000);
      draw(`${bar} ${done}/${total} keys  ${paint.dim(`${seconds} s`)}`);
    },
    note: (text) => draw(paint.dim(text)),
    clear: () => draw(''),
  };
}
