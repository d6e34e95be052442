import colors from 'picocolors';
import type { Verdict } from '../../evaluate/judgement.ts';
import type { Severity } from '../../evaluate/policy/policy.ts';
import type { Paint } from './grid.ts';

/** The colours of reports. They leave text unchanged if colour is off. */
export interface Paints {
  readonly bold: Paint;
  readonly dim: Paint;
  readonly severity: { readonly [S in Severity]: Paint };
  readonly verdict: { readonly [V in Verdict]: Paint };
}

export function createPaints(color: boolean): Paints {
  const on = colors.createColors(color);
  return {
    bold: on.bold,
    dim: on.dim,
    severity: {
      critical: (text) => on.bold(on.red(text)),
      high: on.red,
      medium: on.yellow,
      low: on.cyan,
      info: on.dim,
    },
    verdict: { pass: on.green, fail: on.red, waived: on.cyan, unknown: on.yellow },
  };
}
