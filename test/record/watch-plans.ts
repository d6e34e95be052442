import pg from 'pg';

/** The rows of a table that a statement read without a condition that an index answers. */
export interface Scan {
  readonly table: string;
  readonly rows: number;
  /** In one line. */
  readonly statement: string;
}

/**
 * A small table is read whole because that is cheap, and joined by merging or hashing for the same
 * reason. Without these, a scan is left only where no index serves.
 */
const settings = {
  session_preload_libraries: 'auto_explain',
  'auto_explain.log_min_duration': '0',
  'auto_explain.log_nested_statements': 'on',
  'auto_explain.log_analyze': 'on',
  'auto_explain.log_timing': 'off',
  'auto_explain.log_format': 'json',
  'auto_explain.log_level': 'notice',
  enable_seqscan: 'off',
  enable_hashjoin: 'off',
  enable_mergejoin: 'off',
  jit: 'off',
};

/**
 * The URL under which a database tells its client the plan of each statement, also of those within
 * functions and of the checks of foreign keys. Only a superuser may ask for it.
 */
export function explaining(url: string): string {
  const options = Object.entries(settings).map(([name, value]) => `-c ${name}=${value}`);
  const explained = new URL(url);
  explained.searchParams.set('options', options.join(' '));
  return explained.href;
}

/** The scans of `work`, whose connections have a URL of `explaining`. */
export async function readScans(work: () => Promise<unknown>): Promise<readonly Scan[]> {
  const scans: Scan[] = [];
  const { emit } = pg.Client.prototype;
  pg.Client.prototype.emit = function (this: pg.Client, ...given: Parameters<typeof emit>) {
    const [event, notice] = given as [string, Error];
    if (event === 'notice') scans.push(...scansIn(notice.message));
    return Reflect.apply(emit, this, given);
  };
  await work().finally(() => {
    pg.Client.prototype.emit = emit;
  });
  return scans;
}

interface PlanNode {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Index Cond'?: string;
  readonly 'Actual Rows': number;
  readonly 'Actual Loops': number;
  readonly 'Rows Removed by Filter'?: number;
  readonly Plans?: readonly PlanNode[];
}

interface Explained {
  readonly 'Query Text': string;
  readonly Plan: PlanNode;
}

function scansIn(notice: string): readonly Scan[] {
  const [, json] = /^duration: .*? plan:\n(.*)$/s.exec(notice) ?? [];
  if (json === undefined) return [];
  const { 'Query Text': text, Plan: plan } = JSON.parse(json) as Explained;
  const statement = text.replaceAll(/\s+/g, ' ').trim();
  return nodesOf(plan).flatMap((node) => {
    const table = node['Relation Name'];
    if (table === undefined || !isScan(node)) return [];
    return [
      { table, rows: node['Actual Rows'] + (node['Rows Removed by Filter'] ?? 0), statement },
    ];
  });
}

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
