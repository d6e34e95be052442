const base = 'http://this.invalid';
const longest = 2_000;

/** Where a browser goes after it signed in: a path of this host, whatever the request says. */
export function planReturn(asked: string | undefined): string {
  if (asked === undefined || asked.length > longest) return '/';
  // Browsers read a backslash as a slash, and leave out tabs and line ends.
  if (!/^\/(?![/\\])[\x21-\x5b\x5d-\x7e]*$/.test(asked)) return '/';
  if (!URL.canParse(asked, base)) return '/';
  const { origin, pathname, search } = new URL(asked, base);
  const isHere = origin === base && !pathname.startsWith('//');
  return isHere && !/^\/sign-(in|out)(\/|$)/.test(pathname) ? pathname + search : '/';
}
