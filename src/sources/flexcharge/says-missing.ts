const gone = /not[\s_-]?found|\binvalid[\s_-]?(?:api[\s_-]?)?(?:key[\s_-]?)?id\b/gi;

/**
 * Words that mean the key or nothing specific. Any other word before “not found” may mean a
 * merchant, a route or the caller: a key wrongly called missing would close its findings.
 */
const ofTheKey = new Set(
  (
    'api apikey apikeys key keys id ids the this that a an such requested specified given provided ' +
    'supplied matching existing resource entity record item object with by was were is are be been ' +
    'could has have does do exist exists or and errors error message messages detail details code ' +
    'description reason field property name value format general item1 item2 not found notfound ' +
    'we you your sorry unable failed failure to get read retrieve fetch find secret public'
  ).split(' '),
);

/** A gateway that misses the caller's own key in a request says so after “not found”. */
const ofTheCaller =
  /\b(?:request|headers?|query|cookies?|parameters?|body|authori[sz]ation|credentials?)\b/i;

// No error of the vendor is this long, and long texts are slow to search.
const longest = 10_000;

// Deep enough for every shape seen: a list of {item1, item2} inside an object.
const deepest = 4;

/**
 * Whether a body says that there is no such key: “not found” or “invalid id” in its errors, about
 * the key and nothing else. Looks only at errors, in the shapes that the vendor uses: a list of
 * texts, lists by field inside `errors` or bare, and pairs beside a `responseMessage`. A gateway's
 * own title “Not Found” says nothing about the key.
 */
export function saysMissing(body: Readonly<Record<string, unknown>>, keyId: string): boolean {
  if (JSON.stringify(body).length > longest) return false;
  const statements = statementsOf(body).filter(({ text }) => mentionsGone(text));
  const plain = withoutId(keyId);
  const isOfKey = ({ about, text }: Statement) =>
    about.every((words) => saysNothingElse(plain(words))) && saysItOfKey(plain(text));
  return statements.length > 0 && statements.every(isOfKey);
}

/** A text among the errors. `about`: the names of its fields, and the other text of a pair. */
interface Statement {
  readonly about: readonly string[];
  readonly text: string;
}

function statementsOf(body: Readonly<Record<string, unknown>>): readonly Statement[] {
  return Object.entries(body).flatMap(([spelling, value]) => {
    const name = spelling.toLowerCase().replaceAll('_', '');
    if (name === 'errors' || name === 'responsemessage') return within(value, [], 0);
    if (!Array.isArray(value) || name === 'scopes' || name === 'traceid') return [];
    return within(value, [spelling], 0);
  });
}

function within(value: unknown, about: readonly string[], depth: number): readonly Statement[] {
  if (typeof value === 'string') return [{ about, text: value }];
  if (typeof value !== 'object' || value === null || depth === deepest) return [];
  if (Array.isArray(value)) return value.flatMap((inner) => within(inner, about, depth + 1));
  const labels = Object.values(value).filter((inner) => isLabel(inner));
  return Object.entries(value).flatMap(([name, inner]) => {
    const beside = typeof inner === 'string' ? labels : [];
    return within(inner, [...about, name, ...beside], depth + 1);
  });
}

function isLabel(value: unknown): value is string {
  return typeof value === 'string' && !mentionsGone(value);
}

function mentionsGone(text: string): boolean {
  return text.search(gone) >= 0;
}

/** Checks each sentence: the words before “not found” say what is missing, or the words after. */
function saysItOfKey(text: string): boolean {
  const isOfKey = (sentence: string) =>
    [...sentence.matchAll(gone)].every(({ index, 0: words }) => {
      const before = sentence.slice(0, index);
      const after = sentence.slice(index + words.length);
      const named = /key/i.test(before + words);
      const afterIsHarmless = named ? !ofTheCaller.test(after) : saysNothingElse(after);
      return saysNothingElse(before) && afterIsHarmless;
    });
  return mentionsGone(text) && text.split(/[.;!\n]/).every(isOfKey);
}

function saysNothingElse(text: string): boolean {
  const apart = text.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase();
  const words = apart.match(/[\p{L}\p{N}]+/gu) ?? [];
  return words.every((word) => ofTheKey.has(word) || /^\p{N}+$/u.test(word));
}

/** Removes the key's id from a text where it is a whole word, unless the id looks like words. */
function withoutId(keyId: string): (text: string) => string {
  if (/^[\p{L}\s]*$/u.test(keyId)) return (text) => text;
  const literal = keyId.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const word = new RegExp(`(?<![\\p{L}\\p{N}])${literal}(?![\\p{L}\\p{N}])`, 'giu');
  return (text) => text.replace(word, ' ');
}
