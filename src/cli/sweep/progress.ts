import { createColors } from 'picocolors';
import { renderCount } from '../../text/render-count.ts';
import type { OutputOptions } from '../options.ts';
import { canRedraw, usesColor } from '../output/colors.ts';
import type { Terminal } from '../terminal.ts';

/**
 * The progress of a sweep, redrawn in one line of a terminal. Nothing is drawn without a terminal or
 * where the cursor must not move.
 */
export interface ProgressBar {
  show(done: number, total: number): void;
  note(text: string): void;
  clear(): void;
}

const barWidth = 30;

export function createProgressBar(
  { stderr, env }: Pick<Terminal, 'stderr' | 'env'>,
  { quiet, color }: Pick<OutputOptions, 'quiet' | 'color'>,
): ProgressBar {
  if (quiet || !canRedraw(env, stderr)) {
    return { show: () => undefined, note: () => undefined, clear: () => undefined };
  }
  const paint = createColors(usesColor(env, stderr, color));
  const startedAt = performance.now();
  const draw = (text: string) => stderr.write(`\r\u001b[K${text}`);
  return {
    show(done, total) {
      const filled = total === 0 ? 0 : Math.floor((barWidth * done) / total);
      const bar = paint.cyan('█'.repeat(filled)) + paint.dim('░'.repeat(barWidth - filled));
      const seconds = Math.floor((performance.now() - startedAt) / 1_000);
      draw(`${bar} ${done}/${renderCount(total, 'key')}  ${paint.dim(`${seconds} s`)}`);
    },
    // A line that wraps cannot be redrawn.
    note: (text) => draw(paint.dim(text.slice(0, (stderr.columns ?? 80) - 1))),
    clear: () => draw(''),
  };
}
