/** What is wrong with a server, after its name, and how to mend it. */
export type ServerWords = readonly [what: string, mend: string];

/** By the codes of the system: a server of any kind that cannot be reached. */
export const unreachableServer: Readonly<Record<string, ServerWords>> = {
  ECONNREFUSED: ['refuses connections (ECONNREFUSED)', 'check that it runs'],
  ENOTFOUND: ['cannot be found (ENOTFOUND)', 'check the name of the host'],
  EACCES: ['forbids this user the connection (EACCES)', 'give it the right to the socket or port'],
  EPERM: [
    'cannot be connected to: the system forbids it (EPERM)',
    'check the firewall of this machine and its security policy',
  ],
  ECONNRESET: ['broke the connection off (ECONNRESET)', 'check the port, and whether it wants TLS'],
  EHOSTUNREACH: ['cannot be reached (EHOSTUNREACH)', 'check the address and the firewall'],
  ENETUNREACH: ['cannot be reached (ENETUNREACH)', 'check the network of this machine'],
  EAI_AGAIN: ['cannot be found now (EAI_AGAIN)', 'check the name of the host and the DNS'],
};
