import type { ControlSummary, FindingSummary } from './summary.ts';

/** Whether these controls have this one. Null: that of rules that are for none. */
export function isFor(controls: readonly string[], control: ControlSummary['control']): boolean {
  return control === null ? controls.length === 0 : controls.includes(control);
}

/** The findings of a control: first what is not closed. */
export function findingsOf(
  { control }: Pick<ControlSummary, 'control'>,
  findings: readonly FindingSummary[],
): readonly FindingSummary[] {
  const own = findings.filter(({ controls }) => isFor(controls, control));
  return [
    ...own.filter(({ state }) => state !== 'closed'),
    ...own.filter(({ state }) => state === 'closed'),
  ];
}
