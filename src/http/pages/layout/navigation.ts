/** The pages that every page links to, in this order. */
export const destinations = [
  { path: '/', name: 'Overview' },
  { path: '/findings', name: 'Findings' },
  { path: '/keys', name: 'Keys' },
  { path: '/scopes', name: 'Scopes' },
  { path: '/sweeps', name: 'Sweeps' },
  { path: '/alerts', name: 'Alerts' },
  { path: '/policy', name: 'Policy' },
  { path: '/controls', name: 'Controls' },
  { path: '/reviews', name: 'Reviews' },
  { path: '/audit-log', name: 'Audit log' },
] as const;

export type Destination = (typeof destinations)[number]['path'];
