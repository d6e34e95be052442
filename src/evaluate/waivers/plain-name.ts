/** One person's name, whatever its case, spaces and look-alike characters. */
export function plainName(name: string): string {
  const visible = name.normalize('NFKC').replace(/\p{Cf}/gu, '');
  return visible.replace(/\s+/g, ' ').trim().toUpperCase().toLowerCase();
}
