import type { TestResult } from './case-result.ts';

export interface CaseCounts {
  readonly files: number;
  readonly cases: number;
  readonly passed: number;
  readonly failed: number;
  readonly warnings: number;
}

export function countCases({ files, policies }: TestResult): CaseCounts {
  const cases = files.flatMap((file) => file.cases);
  const passed = cases.filter(({ differences }) => differences.length === 0).length;
  return {
    files: files.length,
    cases: cases.length,
    passed,
    failed: cases.length - passed,
    warnings: policies.reduce((sum, { warnings }) => sum + warnings.length, 0),
  };
}
