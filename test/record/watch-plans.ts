import pg from 'pg';

/** The rows of a table that a statement read without a condition that an index answers. */
export interface Scan {
  readonly table: string;
  readonly rows: number;
  /** In one line. */
  readonly statement: string;
}

/**
 * A list that a statement reads again for each row of another: the inner side of a nested loop, a
 * subquery in a condition, or an array that each row is searched in. Of one that PostgreSQL hashes
 * (`isHashed`), this is so as soon as it has no room in the memory of a statement.
 */
export interface Reread {
  /** As `Materialize > CTE Scan used`. */
  readonly node: string;
  /** The nodes above it, from the top. */
  readonly place: string;
  readonly rows: number;
  readonly times: number;
  readonly isHashed: boolean;
  readonly statement: string;
}

/** What the plans of statements say. */
export interface Plans {
  readonly scans: readonly Scan[];
  readonly rereads: readonly Reread[];
}

const settings = {
  session_preload_libraries: 'auto_explain',
  'auto_explain.log_min_duration': '0',
  'auto_explain.log_nested_statements': 'on',
  'auto_explain.log_analyze': 'on',
  'auto_explain.log_timing': 'off',
  'auto_explain.log_format': 'json',
  'auto_explain.log_level': 'notice',
  jit: 'off',
};

/**
 * A small table is read whole because that is cheap, and joined by merging or hashing for the same
 * reason. Without these, a scan is left only where no index serves, and a list is read again for each
 * row only where no index serves either.
 */
export const indexed = {
  enable_seqscan: 'off',
  enable_hashjoin: 'off',
  enable_mergejoin: 'off',
};

/** What PostgreSQL chooses itself where a statement has no memory to hash a list that grows. */
export const leastMemory = { work_mem: '64kB', hash_mem_multiplier: '1' };

/**
 * The URL under which a database tells its client the plan of each statement, also of those within
 * functions and of the checks of foreign keys. Only a superuser may ask for it.
 */
export function explaining(url: string, choice: Readonly<Record<string, string>>): string {
  const options = Object.entries({ ...settings, ...choice }).map(
    ([name, value]) => `-c ${name}=${value}`,
  );
  const explained = new URL(url);
  explained.searchParams.set('options', options.join(' '));
  return explained.href;
}

/** The plans of `work`, whose connections have a URL of `explaining`. */
export async function readPlans(work: () => Promise<unknown>): Promise<Plans> {
  const scans: Scan[] = [];
  const rereads: Reread[] = [];
  const { emit } = pg.Client.prototype;
  pg.Client.prototype.emit = function (this: pg.Client, ...given: Parameters<typeof emit>) {
    const [event, notice] = given as [string, Error];
    const explained = event === 'notice' ? parsePlan(notice.message) : undefined;
    if (explained !== undefined) {
      scans.push(...scansIn(explained));
      rereads.push(...rereadsIn(explained));
    }
    return Reflect.apply(emit, this, given);
  };
  await work().finally(() => {
    pg.Client.prototype.emit = emit;
  });
  return { scans, rereads };
}

interface PlanNode {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'CTE Name'?: string;
  readonly 'Function Name'?: string;
  readonly Alias?: string;
  readonly 'Subplan Name'?: string;
  readonly 'Index Cond'?: string;
  readonly Filter?: string;
  readonly 'Join Filter'?: string;
  readonly 'Actual Rows': number;
  readonly 'Actual Loops': number;
  readonly 'Rows Removed by Filter'?: number;
  readonly 'Rows Removed by Join Filter'?: number;
  readonly Plans?: readonly PlanNode[];
}

interface Explained {
  /** In one line. */
  readonly statement: string;
  readonly plan: PlanNode;
}

function parsePlan(notice: string): Explained | undefined {
  const [, json] = /^duration: .*? plan:\n(.*)$/s.exec(notice) ?? [];
  if (json === undefined) return undefined;
  const { 'Query Text': text, Plan: plan } = JSON.parse(json) as {
    readonly 'Query Text': string;
    readonly Plan: PlanNode;
  };
  return { statement: text.replaceAll(/\s+/g, ' ').trim(), plan };
}

function scansIn({ statement, plan }: Explained): readonly Scan[] {
  return nodesOf(plan).flatMap((node) => {
    const table = node['Relation Name'];
    if (table === undefined || !isScan(node)) return [];
    return [{ table, rows: rowsRead(node), statement }];
  });
}

/** Per loop: those that it found, and those that a condition left out. */
const rowsRead = (node: PlanNode) =>
  node['Actual Rows'] +
  (node['Rows Removed by Filter'] ?? 0) +
  (node['Rows Removed by Join Filter'] ?? 0);

const nodesOf = (node: PlanNode): readonly PlanNode[] => [
  node,
  ...(node.Plans ?? []).flatMap(nodesOf),
];

/** An index is read whole too, where a statement asks for its order or for its columns alone. */
function isScan({ 'Node Type': type, 'Index Cond': condition, Plans: below = [] }: PlanNode) {
  if (type === 'Seq Scan') return true;
  if (type === 'Index Scan' || type === 'Index Only Scan') return condition === undefined;
  if (type !== 'Bitmap Heap Scan') return false;
  return below.flatMap(nodesOf).some((node) => !isCombined(node) && !('Index Cond' in node));
}

const isCombined = (node: PlanNode) => /^Bitmap(And|Or)$/.test(node['Node Type']);

function rereadsIn({ statement, plan }: Explained): readonly Reread[] {
  const conditions = nodesOf(plan).flatMap((node) =>
    [node.Filter, node['Join Filter']].flatMap((text) =>
      text === undefined ? [] : { node, text },
    ),
  );
  const look = (node: PlanNode, above: readonly string[]): readonly Reread[] => {
    const place = above.join(' > ');
    const searched = searchedIn(node, conditions);
    const own = {
      ...{ node: describeNode(node), place, rows: rowsRead(node), statement },
      times: Math.max(node['Actual Loops'], searched?.times ?? 0),
      isHashed: searched?.isHashed ?? false,
    };
    const below = (node.Plans ?? []).flatMap((one) => look(one, [...above, nameOf(node)]));
    return own.times > 1 || own.isHashed ? [own, ...below] : below;
  };
  return look(plan, []);
}

interface Condition {
  readonly node: PlanNode;
  readonly text: string;
}

/**
 * How often conditions search what a subquery found: a hashed one once per row, by its name; an array
 * of it, by the parameter that the plan names beside the subquery.
 */
function searchedIn({ 'Subplan Name': name = '' }: PlanNode, conditions: readonly Condition[]) {
  const isHashed = /^SubPlan \d+$/.test(name);
  const words = isHashed ? [`hashed ${name})`] : arrayOf(name);
  const [found] = conditions.filter(({ text }) => words.some((word) => text.includes(word)));
  if (found === undefined) return undefined;
  return { times: rowsRead(found.node) * found.node['Actual Loops'], isHashed };
}

/** How a condition searches the array of a subquery that runs once. PostgreSQL 17 has no parameter. */
function arrayOf(name: string): readonly string[] {
  const [, plan, parameter] = /^(InitPlan \d+)(?: \(returns (\$\d+)\))?$/.exec(name) ?? [];
  const array = parameter === undefined ? `(${plan}).col1` : parameter;
  return plan === undefined ? [] : [`ANY (${array})`, `ALL (${array})`];
}

function nameOf(node: PlanNode): string {
  const of = node['CTE Name'] ?? node['Relation Name'] ?? node['Function Name'] ?? node.Alias;
  const name = of === undefined ? node['Node Type'] : `${node['Node Type']} ${of}`;
  return node['Subplan Name'] === undefined ? name : `${node['Subplan Name']}: ${name}`;
}

/** With what a node that only passes rows on reads. */
function describeNode(node: PlanNode): string {
  const [below, ...others] = node.Plans ?? [];
  if (below === undefined || others.length > 0) return nameOf(node);
  return `${nameOf(node)} > ${describeNode(below)}`;
}
