/** All rows of a table, a part at a time; `readPart` gives the first `most` behind `after`. */
export async function* readParts<Row extends { readonly id: number }>(
  most: number,
  readPart: (after: number, most: number) => Promise<readonly Row[]>,
): AsyncGenerator<readonly Row[]> {
  for (let after = 0; ; ) {
    const rows = await readPart(after, most);
    yield rows;
    const last = rows.at(-1);
    if (last === undefined || rows.length < most) return;
    after = last.id;
  }
}
