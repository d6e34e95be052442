/** What is wrong with a server, after its name, and how to mend it. */
export type ServerWords = readonly [what: string, mend: string];

/** By the codes of the system: a server of any kind that cannot be reached. */
export const unreachableServer: Readonly<Record<string, ServerWords>> = {
  ECONNREFUSED: ['refuses connections (ECONNREFUSED)', 'check that it runs'],
  ENOTFOUND: ['cannot be found (ENOTFOUND)', 'check the name of the host'],
  EAI_AGAIN: ['cannot be found now (EAI_AGAIN)', 'check the name of the host and the DNS'],
};
