/**
 * What alerts report about findings, in the order in which receivers read the arrays of a message.
 */
export const kinds = ['opened', 'reopened', 'resolved', 'lapsed', 'waived', 'reminder'] as const;
export type EventKind = (typeof kinds)[number];
