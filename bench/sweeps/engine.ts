// Sweeps a fleet whose vendor answers at once, so that processor time decides, and compares the time
// with what asks for the same keys: a bare got loop, the textbook, a shell script (bench/rivals says
// what each does and leaves out). They take turns, three rounds; each ratio is of one round, so that
// a machine that slows down between rounds slows down both sides. Vendor, servers and sweep share
// the machine, as do vendor and rivals: the processor time of each process explains the ratios.
import { runShellScript, whyNoShellScript } from '../rivals/run-shell-script.ts';
import { atLeast } from '../support/aim.ts';
import {
  type Arena,
  aboutLoop,
  openArena,
  type Round,
  runRound,
  speedBeside,
} from '../support/compare-with-loop.ts';
import { defineBench, type Found } from '../support/define-bench.ts';
import { overRounds } from '../support/median.ts';
import { choice, count } from '../support/option.ts';
import { runPart } from '../support/processes/fork-part.ts';
import { processorTimes } from '../support/processor-times.ts';
import { withOpened } from '../support/scope.ts';
import { type Span, secondsOf } from '../support/span.ts';

export const bench = defineBench({
  name: 'engine',
  about: 'a sweep beside a bare loop, the textbook and a shell script; the vendor answers at once',
  options: {
    keys: count(20_000, 'keys in the fleet'),
    'in-flight': count(20, 'requests in flight: of the sweep, the loop and the textbook'),
    rounds: count(3, 'times that each is run'),
    policy: choice(['six', 'sample'], 'six rules, or the fourteen of config/policy.yaml'),
    failing: count(0, 'one key in this many breaks a rule; 0: the usual fleet, one in nine'),
    store: choice(['servers', 'embedded'], 'PostgreSQL and Redis, or the embedded store'),
    rivals: choice(['all', 'loop'], 'all, or the bare loop alone'),
  },
  aims({ policy, store, rivals }) {
    if (store === 'embedded') return { 'speed beside the loop': atLeast(0.7) };
    if (policy === 'sample') return { 'speed beside the loop': atLeast(0.95) };
    const others = ['speed beside the textbook', 'speed beside the script'];
    return {
      'speed beside the loop': atLeast(1.1),
      ...(rivals === 'all' ? Object.fromEntries(others.map((name) => [name, atLeast(3)])) : {}),
    };
  },
  run: ({ 'in-flight': inFlight, rounds: times, rivals, ...rest }, say) =>
    withOpened(async (keep) => {
      const arena = await openArena({ inFlight, ...rest }, keep);
      const rounds: AllRivals[] = [];
      for (let round = 0; round < times; round += 1) {
        const own = await runRound(arena, round, say);
        rounds.push(rivals === 'all' ? { ...own, ...(await runOthers(arena)) } : own);
      }
      return [
        speedBeside(rounds, 'loop', aboutLoop),
        ...(rivals === 'all' ? speedsBesideOthers(arena, rounds) : []),
        rate(arena, rounds),
        ...phases(rounds),
        ...processorTimes(arena, rounds),
        peakMemory(arena, rounds),
      ];
    }),
});

interface AllRivals extends Round {
  readonly textbook?: Span;
  readonly script?: Span;
  readonly 'script of 100'?: Span;
}

async function runOthers({ vendor, world, servers, comparison }: Arena) {
  const { keys, inFlight } = comparison;
  const asked = { url: vendor.url, keys };
  const queued = { ...asked, inFlight, ...servers };
  // It needs servers: a queue of BullMQ on the embedded store is our own invention.
  const textbook = servers && { textbook: await runPart<Span>('textbook', queued) };
  if (whyNoShellScript() !== undefined) return { ...textbook };
  const { folder } = world;
  return {
    ...textbook,
    script: await runShellScript({ ...asked, folder, atOnce: 1 }),
    'script of 100': await runShellScript({ ...asked, folder, atOnce: 100 }),
  };
}

function speedsBesideOthers({ servers }: Arena, rounds: readonly AllRivals[]): readonly Found[] {
  const job = 'one BullMQ job and one insert a key';
  const textbook = servers === undefined ? [] : [speedBeside(rounds, 'textbook', job)];
  const why = whyNoShellScript();
  if (why !== undefined) return [...textbook, { name: 'speed beside the script', why }];
  return [
    ...textbook,
    speedBeside(rounds, 'script', 'xargs -P 50 curl | jq, one curl a key'),
    // No aim: scripts are seldom written so. It is here because a sceptic would write it.
    speedBeside(rounds, 'script of 100', 'the same, one curl for 100 keys'),
  ];
}

function rate({ comparison }: Arena, rounds: readonly Round[]): Found {
  const rates = rounds.map(({ sweep }) => comparison.keys / secondsOf(sweep));
  return overRounds({ name: 'keys swept', unit: 'keys/s' }, rates);
}

/** Parts in which most of the processors are idle: they bound what more of them could gain. */
function phases(rounds: readonly Round[]): readonly Found[] {
  const read = rounds.flatMap(({ phases }) => phases ?? []);
  if (read.length === 0) return [];
  const opening = { name: 'until the first batch is recorded', unit: 's' };
  const closing = { name: 'from the last batch to the close', unit: 's' };
  return [
    overRounds(
      opening,
      read.map(({ first }) => first),
    ),
    overRounds(
      closing,
      read.map((one) => one.closing),
    ),
  ];
}

function peakMemory({ watch }: Arena, rounds: readonly Round[]): Found {
  const peaks = rounds.map((_, round) => watch.peakMb(`worker ${round}`));
  return overRounds({ name: 'peak memory of the command', unit: 'MB' }, peaks);
}
