import { AsyncLocalStorage } from 'node:async_hooks';
import { appendFileSync } from 'node:fs';
import { Queue } from 'bullmq';
import { DefaultQueryExecutor, PostgresDriver, TransactionBuilder } from 'kysely';
import type { JobContext } from '../../jobs/context.ts';
import { jobs } from '../../jobs/index.ts';
import type { AlertChannel } from '../../src/alert/channels/channel.ts';

/**
 * Places at which this process can be killed, before and after each commit, enqueue and send (an
 * alert is marked by the commit of `recordAttempt`). They are put around the packages and the jobs
 * from outside: the program has no code for them, and a new commit or job has a place by itself.
 *
 * A place is `KIND:NAME:SIDE`: `commit:` and the function whose transaction or statement it is,
 * `enqueue:` and the job's name, or `send:` and the channel's id; then `before` or `after`.
 */
export interface Failpoints {
  /** The process ends with SIGKILL when it reaches this place; `#2`: the second time. */
  readonly KEYSWEEP_FAILPOINT?: string | undefined;
  /** A file to which each place is written as it is passed, one a line. */
  readonly KEYSWEEP_FAILPOINTS_PASSED?: string | undefined;
}

type Around = <T>(name: string, work: () => Promise<T>) => Promise<T>;

/** Puts the places into the packages that this process has loaded. Call it once, first of all. */
export function installFailpoints(options: Failpoints): void {
  if (Object.values(options).every((value) => value === undefined)) return;
  const around = createAround(options);
  aroundCommits(around);
  aroundEnqueues(around);
  aroundSends(around);
}

function createAround(options: Failpoints): Around {
  const [deadly, nth = '1'] = (options.KEYSWEEP_FAILPOINT ?? '').split('#');
  const passed = options.KEYSWEEP_FAILPOINTS_PASSED;
  let left = Number(nth);
  const reach = (place: string) => {
    if (passed !== undefined) appendFileSync(passed, `${place}\n`);
    if (place === deadly && --left === 0) process.kill(process.pid, 'SIGKILL');
  };
  return async (name, work) => {
    reach(`${name}:before`);
    const result = await work();
    reach(`${name}:after`);
    return result;
  };
}

/** The function that has begun the transaction of the statements that run now. */
const transaction = new AsyncLocalStorage<string>();
const writes =
  /^\s*(insert|update|delete|merge)\b|^\s*with\b[\s\S]*\b(insert into|update|delete from)\b/i;

function aroundCommits(around: Around): void {
  const begin = TransactionBuilder.prototype.execute;
  TransactionBuilder.prototype.execute = function (work) {
    return transaction.run(callerName(), () => begin.call(this, work) as never);
  };
  const commit = PostgresDriver.prototype.commitTransaction;
  PostgresDriver.prototype.commitTransaction = function (connection) {
    return around(`commit:${transaction.getStore()}`, () => commit.call(this, connection));
  };
  // Outside a transaction, each statement that writes is a commit.
  const execute = DefaultQueryExecutor.prototype.executeQuery;
  DefaultQueryExecutor.prototype.executeQuery = function (query) {
    const run = () => execute.call(this, query) as Promise<never>;
    if (transaction.getStore() !== undefined || !writes.test(query.sql)) return run();
    return around(`commit:${callerName()}`, run);
  };
}

function aroundEnqueues(around: Around): void {
  const addBulk = Queue.prototype.addBulk;
  Queue.prototype.addBulk = function (added) {
    const [first] = added;
    if (first === undefined) return addBulk.call(this, added);
    return around(`enqueue:${first.name}`, () => addBulk.call(this, added));
  };
}

function aroundSends(around: Around): void {
  const watch = (channel: AlertChannel): AlertChannel => ({
    ...channel,
    deliver: (alert, signal) => around(`send:${channel.id}`, () => channel.deliver(alert, signal)),
  });
  const watchAll = (context: JobContext) =>
    new Map([...context.channels].map(([id, channel]) => [id, watch(channel)]));
  for (const job of jobs) {
    const { run } = job;
    const watched: typeof run = (payload, context) =>
      run(payload, { ...context, channels: watchAll(context) });
    Object.assign(job, { run: watched });
  }
}

const deepest = 40;
const isOurs = /^\s+at (?!.*(?:node_modules|node:|failpoints))/;
const named = /^\s+at (?:async )?(?:[\w$]+\.)*#?([\w$]+)(?: \[as \w+\])? \(/;
/** They begin a transaction for the function that calls them. */
const begins = /transact/i;

/** The nearest function of the program that asks for this. */
function callerName(): string {
  const usual = Error.stackTraceLimit;
  Error.stackTraceLimit = deepest;
  const { stack = '' } = new Error();
  Error.stackTraceLimit = usual;
  const names = stack.split('\n').flatMap((frame) => {
    const name = isOurs.test(frame) ? named.exec(frame)?.[1] : undefined;
    // The bundle appends a number to a name that two files have.
    return name === undefined || inThisFile.has(name) ? [] : name.replace(/\$\d+$/, '');
  });
  const before = names.findLastIndex((name) => begins.test(name));
  return names[before + 1] ?? 'unnamed';
}

const inThisFile = new Set(['callerName', 'execute', 'executeQuery']);
