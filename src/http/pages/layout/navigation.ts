/** The pages that every page links to, in this order. */
export const destinations = [{ path: '/', name: 'Overview' }] as const;

export type Destination = (typeof destinations)[number]['path'];
