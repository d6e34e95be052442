/** A field of a form, with the value that a browser sends if nobody changes it. */
export interface FormField {
  readonly name: string;
  readonly value: string;
  readonly isFile: boolean;
  /** Whether the form has several fields of this name. */
  readonly isSeveral: boolean;
}

/** A form as it stands on a page, sent by one of its buttons. */
export interface PageForm {
  readonly method: 'get' | 'post';
  readonly action: string;
  readonly takesFiles: boolean;
  /** Of several fields with one name, the first. */
  readonly fields: readonly FormField[];
}

/** The forms of a page. One that has buttons with addresses of their own is several. */
export function readForms(html: string): readonly PageForm[] {
  return [...html.matchAll(/<form\b([^>]*)>(.*?)<\/form>/gs)].flatMap(
    ([, head = '', inner = '']) => {
      const { method, action, enctype } = readAttributes(head);
      const others = [...inner.matchAll(/formaction="([^"]*)"/g)].map(([, at = '']) =>
        unescapeHtml(at),
      );
      return [action ?? '', ...others].map((at) => ({
        method: method === 'post' ? ('post' as const) : ('get' as const),
        action: at,
        takesFiles: enctype === 'multipart/form-data',
        fields: readFields(inner),
      }));
    },
  );
}

function readFields(inner: string): readonly FormField[] {
  const fields = new Map<string, FormField>();
  const elements = inner.matchAll(/<(input|select|textarea|button)\b([^>]*)>([^<]*)/g);
  for (const { 1: element, 2: head = '', 3: content = '', index } of elements) {
    const { name, type, value = '' } = readAttributes(head);
    if (name === undefined) continue;
    const before = fields.get(name);
    if (before !== undefined) {
      fields.set(name, { ...before, isSeveral: true });
      continue;
    }
    const written = element === 'select' ? readChoice(inner.slice(index)) : value;
    const text = element === 'textarea' ? unescapeHtml(content) : written;
    fields.set(name, { name, value: text, isFile: type === 'file', isSeveral: false });
  }
  return [...fields.values()];
}

/** What is chosen in the field that the text begins with. */
function readChoice(text: string): string {
  const [inner = ''] = text.split('</select>');
  const options = [...inner.matchAll(/<option\b([^>]*)>/g)].map(([, head = '']) =>
    readAttributes(head),
  );
  const chosen = options.find(({ selected }) => selected !== undefined) ?? options[0];
  return chosen?.['value'] ?? '';
}

function readAttributes(head: string): Readonly<Record<string, string>> {
  const found = [...head.matchAll(/([a-z-]+)(?:="([^"]*)")?/g)];
  return Object.fromEntries(found.map(([, name = '', value = '']) => [name, unescapeHtml(value)]));
}

const signs: Readonly<Record<string, string>> = {
  ...{ '&lt;': '<', '&gt;': '>', '&quot;': '"', '&#39;': "'", '&amp;': '&' },
};

export function unescapeHtml(text: string): string {
  return text.replaceAll(/&(?:lt|gt|quot|#39|amp);/g, (found) => signs[found] ?? found);
}
