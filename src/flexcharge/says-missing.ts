const gone = /\bnot[\s_-]?found\b|notfound|\binvalid[\s_-]?(?:api[\s_-]?)?(?:key[\s_-]?)?id\b/i;

// Deep enough for every shape seen: a list of {item1, item2} inside an object.
const deepest = 4;

/**
 * Whether a body says that there is no such key: “not found” or “invalid id” among its errors. Only
 * errors are looked at, in the shapes the vendor uses: a list of texts, lists by field inside
 * `errors` or bare, and pairs beside a `responseMessage`. A gateway's own title “Not Found” says
 * nothing of the key.
 */
export function saysMissing(body: Readonly<Record<string, unknown>>): boolean {
  return errorValues(body).some((value) => mentionsGone(value, 0));
}

function errorValues(body: Readonly<Record<string, unknown>>): readonly unknown[] {
  const values: unknown[] = [];
  for (const [spelling, value] of Object.entries(body)) {
    const name = spelling.toLowerCase().replaceAll('_', '');
    if (name === 'errors' || name === 'responsemessage') values.push(value);
    else if (Array.isArray(value) && name !== 'scopes' && name !== 'traceid') values.push(value);
  }
  return values;
}

function mentionsGone(value: unknown, depth: number): boolean {
  if (typeof value === 'string') return gone.test(value);
  if (typeof value !== 'object' || value === null || depth === deepest) return false;
  return Object.values(value).some((inner) => mentionsGone(inner, depth + 1));
}
