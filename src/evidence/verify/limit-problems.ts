import type { PackProblem, ProblemCode } from './problem.ts';

/** A hostile pack may have millions of problems, and nobody reads more of one kind. */
const mostOfKind = 1_000;

/** The first problems of each kind, and how many more there are. */
export function limitProblems(problems: readonly PackProblem[]): readonly PackProblem[] {
  const counts = new Map<ProblemCode, number>();
  const told = problems.filter(({ code }) => {
    const count = (counts.get(code) ?? 0) + 1;
    counts.set(code, count);
    return count <= mostOfKind;
  });
  if (told.length === problems.length) return problems;
  const more = [...counts].flatMap(([code, count]) => {
    const one = problems.find((problem) => problem.code === code);
    if (one === undefined || count <= mostOfKind) return [];
    const message = `${count - mostOfKind} more problems of this kind were found`;
    return [{ ...one, place: 'elsewhere', message }];
  });
  return [...told, ...more];
}
