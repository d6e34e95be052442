/** A count and what is counted: “1 key”, “2 keys”. `many`: a plural that is not formed with s. */
export function renderCount(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}
