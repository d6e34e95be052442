import { registry } from './index.ts';

/** What the audit record says that somebody asked for. */
export const recordedChanges: readonly string[] = [
  ...Object.entries(registry).flatMap(([name, { access }]) => (access === 'read' ? [] : [name])),
  ...['sign-in', 'sign-out'],
];
