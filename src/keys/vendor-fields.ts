/** What a field holds when a body spells it in two ways whose values differ. */
export const contradictory = Symbol('contradictory');

/** The top-level fields of a vendor's body under one spelling each (`createdon`, `lastused`). */
export type VendorFields = ReadonlyMap<string, unknown>;

const aliases = new Map([['createdat', 'createdon']]);

/**
 * Reads field names as contracts has it: case and underscores are ignored, and `created_at` is
 * `createdOn`. A field spelled twice with the same value is that value, else `contradictory`.
 */
export function readVendorFields(body: object): VendorFields {
  const fields = new Map<string, unknown>();
  for (const [spelling, value] of Object.entries(body)) {
    const plain = spelling.toLowerCase().replaceAll('_', '');
    const name = aliases.get(plain) ?? plain;
    const agrees = !fields.has(name) || isSame(fields.get(name), value);
    fields.set(name, agrees ? value : contradictory);
  }
  return fields;
}

/** Plain values, and lists of them: no field that is read holds anything deeper. */
function isSame(one: unknown, other: unknown): boolean {
  if (!Array.isArray(one) || !Array.isArray(other)) return one === other;
  return one.length === other.length && one.every((value, index) => value === other[index]);
}
