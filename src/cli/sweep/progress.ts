import { createColors } from 'picocolors';
import { clip } from '../../report/table/display-width.ts';
import type { OutputOptions } from '../options.ts';
import { canRedraw, usesColor } from '../output/colors.ts';
import type { Terminal } from '../terminal.ts';
import { planBar } from './plan-bar.ts';
import type { Wordings } from './render-waits.ts';

/**
 * The progress of a sweep, redrawn in one line of a terminal. Nothing is drawn without a terminal or
 * where the cursor must not move.
 */
export interface ProgressBar {
  /** `waits`: what the sweep waits for; without it, the time since the start is shown. */
  show(done: number, total: number, waits?: Wordings): void;
  note(text: string): void;
  clear(): void;
}

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
  // A terminal of unknown size says 0.
  const columns = () => stderr.columns || 80;
  return {
    show(done, total, waits) {
      const seconds = Math.floor((performance.now() - startedAt) / 1_000);
      const line = planBar({ done, total }, waits ?? [`${seconds} s`], columns());
      const { cells, filled, count, words } = line;
      const bar = paint.cyan('█'.repeat(filled)) + paint.dim('░'.repeat(cells - filled));
      const parts = [cells === 0 ? '' : `${bar} `, count === '' ? '' : `${count}  `];
      draw(parts.join('') + paint.dim(words));
    },
    note: (text) => draw(paint.dim(clip(text, columns() - 1))),
    clear: () => draw(''),
  };
}
