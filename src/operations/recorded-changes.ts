import { registry } from './index.ts';

/** What the audit record says that somebody asked for: a change, to be let in, or the board. */
export const recordedChanges: readonly string[] = [
  ...Object.entries(registry).flatMap(([name, { access }]) => (access === 'read' ? [] : [name])),
  ...['sign-in', 'sign-out', 'token', 'queueBoard'],
];
