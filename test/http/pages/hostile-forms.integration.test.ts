import { expect, test } from 'vitest';
import { actions } from '../../../src/http/pages/actions/actions.ts';
import { pages } from '../../../src/http/pages/pages.ts';
import { formTokenField } from '../../../src/http/session/form-token-field.ts';
import type { Database } from '../../../src/record/store/database.ts';
import { nobodyListens } from '../../alert/channels/nobody-listens.ts';
import { anAlert } from '../../record/an-alert.ts';
import { aReview, someTerms, start } from '../../record/reviews/a-review.ts';
import { describeStores, hasPostgres } from '../../record/stores.ts';
import { inputs, open, run } from '../../record/world.ts';
import { findAdded, findLost, readRows } from '../hostile/rows.ts';
import { hostileTexts, mostInAddress, percentEncode } from '../hostile/texts.ts';
import { openBrowser } from '../sign-in/a-browser.ts';
import { openReplica, opsToken } from '../sign-in/a-replica.ts';
import { shippedConfig, writePast } from './a-past.ts';
import { crawl } from './crawl.ts';
import { findForeign } from './hostile.ts';
import { type FormField, type PageForm, readForms } from './read-forms.ts';

const until = new Date('2026-11-29T07:30:00Z');

/** A store that makes every form of the pages appear. */
async function fillStore(database: Database): Promise<void> {
  const config = await shippedConfig();
  const held = (await writePast(database, { config, until, nights: 7 })).at(-1);
  await run(database, `update keysweep.sweep set held = 'held' where uuid = '${held}'`);
  await run(database, 'update keysweep.finding_event set planned_at = null');
  await anAlert(database, { channel: 'siem', state: 'failed' });
  await open(database, { ...inputs(config.inventory), policy: config.policy });
  const row = await start(database, review, someTerms('finance'));
  await run(database, `delete from keysweep.review_key where review_id = ${row} and place > 0`);
}

const review = aReview({ of: { owner: ['finance'] } });

/** The tables in which an action changes rows: those that it is about. */
const changed: Readonly<Record<string, readonly string[]>> = {
  '/actions/acknowledge': ['keysweep.finding', 'keysweep.log_head'],
  '/actions/retry': ['keysweep.alert'],
  '/actions/release': ['keysweep.sweep', 'keysweep.finding', 'keysweep.finding_event'],
  '/actions/stop': [
    'sweep',
    'sweep_batch',
    'sweep_key',
    'tracked_key',
    'fleet_group',
    'log_head',
  ].map((table) => `keysweep.${table}`),
};

/** What filters do with hostile text has tests of its own; these look for filters that are new. */
const forFilters = ['the end of a tag', 'the end of a statement', 'U+0000', 'a long text'];

function textsFor({ method }: PageForm): readonly (readonly [string, string])[] {
  const all = Object.entries(hostileTexts);
  return method === 'post' ? all : all.filter(([kind]) => forFilters.includes(kind));
}

type Values = readonly (readonly [FormField, string])[];

/** What people write into fields that are empty at first. */
const written: Readonly<Record<string, string>> = { token: opsToken, reason: 'We used it.' };

/** The fields of a form, with another text in one of them. */
function valuesOf({ fields }: PageForm, other?: FormField, text = ''): Values {
  const ordinary = ({ name, value }: FormField) => written[name] ?? value;
  return fields.map((field) => [field, field === other ? text : ordinary(field)]);
}

/** The text in place of what is ordinary; and beside that, where a form may hold several. */
function variantsOf(form: PageForm, field: FormField, text: string): readonly Values[] {
  const inPlace = valuesOf(form, field, text);
  return field.isSeveral ? [inPlace, [...valuesOf(form), [field, text]]] : [inPlace];
}

function encode(values: Values, most: number): string {
  return values
    .map(([{ name }, text]) => `${name}=${percentEncode(text.slice(0, most))}`)
    .join('&');
}

/** As a browser sends it: with files, in parts. */
function bodyOf({ takesFiles }: PageForm, values: Values): string | FormData {
  if (!takesFiles) return encode(values, Number.POSITIVE_INFINITY);
  const parts = new FormData();
  for (const [{ name, isFile }, text] of values) {
    parts.append(name, isFile ? new File([text], text.slice(0, 200)) : text);
  }
  return parts;
}

/** A visitor of a site who sends forms with a cookie, and what is wrong with the answers. */
function openVisitor(port: number, cookie: string) {
  const origin = `http://127.0.0.1:${port}`;
  const headers = { accept: 'text/html', origin, cookie };
  const visited = new Set<string>();

  const check = async (answer: Response) => {
    const html = await answer.text();
    if (answer.status >= 500) return `${answer.status} ${html}`;
    const isPage = answer.headers.get('content-type')?.startsWith('text/html') === true;
    const foreign = isPage ? findForeign(html) : [];
    return foreign.length === 0 ? undefined : `${answer.status} ${foreign.join(' ')}`;
  };
  const visit = async (path: string) => {
    visited.add(path);
    const answer = await fetch(origin + path, { headers, redirect: 'manual' });
    expect([path, answer.status]).toEqual([path, expect.toBeOneOf([200, 303, 404])]);
    const html = await answer.text();
    expect([path, findForeign(html)]).toEqual([path, []]);
    return html;
  };
  const follow = async (place: string) => {
    if (!/^\/(?![/\\])/.test(place) || place.length > 8_000) {
      return `leads to ${place.slice(0, 200)} (${place.length})`;
    }
    visited.add(place);
    return check(await fetch(origin + place, { headers, redirect: 'manual' }));
  };
  return {
    visited,
    visit,
    async send(form: PageForm, values: Values) {
      if (form.method === 'get') {
        const path = `${form.action}?${encode(values, mostInAddress)}`;
        const answer = await fetch(origin + path, { headers });
        return { accepted: false, fault: await check(answer) };
      }
      const body = bodyOf(form, values);
      const type = 'application/x-www-form-urlencoded';
      const answer = await fetch(origin + form.action, {
        ...{ method: 'POST', redirect: 'manual', body },
        headers: typeof body === 'string' ? { ...headers, 'content-type': type } : headers,
      }).catch(({ cause }: Error) => `no answer: ${cause}`);
      if (typeof answer === 'string') return { accepted: false, fault: answer };
      const place = answer.headers.get('location');
      const fault = place === null ? await check(answer) : await follow(place);
      return { accepted: answer.status < 400, fault };
    },
  };
}

type Visitor = ReturnType<typeof openVisitor>;

const isQuestion = (action: string) => pages.some(({ path }) => path === action);

/** The different forms that pages have, and those of the questions that they lead to. */
async function findForms(visitor: Visitor, start: string): Promise<readonly PageForm[]> {
  const forms = new Map<string, PageForm>();
  const note = (html: string) => {
    for (const form of readForms(html)) {
      const names = form.fields.map(({ name }) => name).sort();
      forms.set([form.method, form.action, ...names].join(' '), form);
    }
  };
  for (const html of (await crawl(visitor.visit, [start])).values()) note(html);
  for (const form of [...forms.values()].filter(({ action }) => isQuestion(action))) {
    const named = valuesOf(form).filter(([{ name }]) => name !== formTokenField);
    note(await visitor.visit(`${form.action}?${encode(named, 500)}`));
  }
  return [...forms.values()];
}

/** What goes wrong when one field of a form holds each of the hostile texts. */
async function tryField(
  database: Database,
  visitor: Visitor,
  form: PageForm,
  field: FormField,
): Promise<readonly string[]> {
  const before = await readRows(database);
  const faults: string[] = [];
  let accepted = false;
  for (const [kind, text] of textsFor(form)) {
    for (const values of variantsOf(form, field, text)) {
      const told = await visitor.send(form, values);
      accepted ||= told.accepted;
      if (told.fault !== undefined) faults.push(`${kind}: ${told.fault.slice(0, 500)}`);
    }
  }
  const after = await readRows(database);
  const may = accepted ? (changed[form.action] ?? []) : [];
  const lost = [...new Set(findLost(before, after))].filter((table) => !may.includes(table));
  const added = accepted ? [] : findAdded(before, after);
  return [
    ...faults,
    ...lost.map((table) => `changes ${table}`),
    ...added
      .filter((table) => table !== 'keysweep.audit_record')
      .map((table) => `adds to ${table}`),
  ].map((fault) => `${form.action} ${field.name}: ${fault}`);
}

/** The pages that no address leads to. */
function findUnseen(visited: Iterable<string>): readonly string[] {
  const paths = [...visited].map((path) => path.split('?')[0] ?? '');
  return pages.flatMap(({ path }) => {
    const form = new RegExp(`^${path.replaceAll(/:\w+/g, '[^/]+')}$`);
    return paths.some((one) => form.test(one)) ? [] : [path];
  });
}

/** The form of an approval is shown only to somebody who signed in at a provider, whom it names. */
const notHere = new Set(['/actions/approve-waiver']);

describeStores('hostile text in a field of a form', (get, kind) => {
  const signIn = async (port: number) => {
    const browser = openBrowser(port);
    await browser.visit('/sign-in', { form: { token: opsToken } });
    return [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  };

  // It sends a thousand forms. The embedded store takes four times as long, to show the same.
  const isLong = kind === 'embedded' && hasPostgres();
  const sending = { timeout: 400_000, tags: isLong ? ['all', 'long'] : ['all'] };
  test('is refused or shown as text, and changes nothing else', sending, async () => {
    await fillStore(get());
    const { port } = await openReplica(get(), { channels: nobodyListens(), reviews: [review] });
    const nobody = openVisitor(port, '');
    const operator = openVisitor(port, await signIn(port));
    const visitors = [
      ...(await findForms(operator, '/')).map((form) => ({ visitor: operator, form })),
      ...(await findForms(nobody, '/sign-in')).map((form) => ({ visitor: nobody, form })),
    ];
    const found = new Set(visitors.map(({ form }) => form.action));
    const wanted = [...actions.map(({ path }) => path), '/sign-in', '/sign-out'].filter(
      (path) => !notHere.has(path),
    );
    expect(wanted.filter((path) => !found.has(path))).toEqual([]);

    const faults: string[] = [];
    for (const { visitor, form } of visitors) {
      for (const field of form.fields) {
        faults.push(...(await tryField(get(), visitor, form, field)));
      }
    }
    expect(faults).toEqual([]);
    expect(findUnseen(operator.visited)).toEqual([...notHere]);
  });
});
