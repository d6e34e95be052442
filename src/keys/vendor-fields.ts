/** The value of a field that a body spells in two ways with different values. */
export const contradictory = Symbol('contradictory');

/** The top-level fields of a vendor's body, each under one spelling (`createdon`, `lastused`). */
export type VendorFields = ReadonlyMap<string, unknown>;

const aliases = new Map([['createdat', 'createdon']]);

/**
 * Reads field names without regard to case and underscores; `created_at` is `createdOn`. When a
 * field is spelled twice, equal values count as one and different values as `contradictory`.
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

/** Compares plain values and lists of them; the fields that are read hold nothing deeper. */
function isSame(one: unknown, other: unknown): boolean {
  if (!Array.isArray(one) || !Array.isArray(other)) return one === other;
  return one.length === other.length && one.every((value, index) => value === other[index]);
}
