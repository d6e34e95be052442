import { unescapeHtml } from './read-forms.ts';

/** Of one kind of address, this many are visited. */
const mostOfKind = 12;

/**
 * The pages that `start` leads to, by their addresses, without the files of reports. `visit` returns
 * a page; it judges by itself whether that is as it should be.
 */
export async function crawl(
  visit: (path: string) => Promise<string>,
  start: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const pages = new Map<string, string>();
  const counts = new Map<string, number>();
  const waiting = [...start];
  for (let path = waiting.shift(); path !== undefined; path = waiting.shift()) {
    const kind = kindOf(path);
    const count = counts.get(kind) ?? 0;
    if (pages.has(path) || count >= mostOfKind) continue;
    counts.set(kind, count + 1);
    const html = await visit(path);
    pages.set(path, html);
    waiting.push(...readLinks(html));
  }
  return pages;
}

function kindOf(path: string): string {
  const [name = ''] = path.split('?');
  return name
    .split('/')
    .map((part, at) => (at < 2 ? part : ''))
    .join('/');
}

function readLinks(html: string): readonly string[] {
  return [...html.matchAll(/\bhref="(\/[^"#]*)/g)]
    .map(([, path = '']) => unescapeHtml(path))
    .filter((path) => !/^\/(?:assets|api)\//.test(path));
}
