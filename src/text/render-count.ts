/** A count and what is counted: “1 key”, “2 keys”. `many` where an s does not make the plural. */
export function renderCount(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}
