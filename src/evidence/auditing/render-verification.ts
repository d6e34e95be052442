import { shortenText } from '../../report/safe-text.ts';
import type { NumberedLeaf } from '../leaves/numbered-leaf.ts';
import type { Verification, VerifiedFacts } from '../verify/verification.ts';

/** A name of the pack may be a megabyte long. `--format json` cuts nothing. */
const longestLine = 4_000;

/** The result for people. Texts of the pack are shown without characters that a terminal would obey or hide. */
export function renderVerification({ verdict, problems, found }: Verification): string {
  const lines = [
    ...(found === undefined ? [] : describeFacts(found)),
    ...problems.map(({ exit, code, place, message }) => {
      return `${exit === 1 ? 'TAMPERED' : 'OPEN'}  ${code}: ${place}: ${message}`;
    }),
    '',
    words[verdict],
  ];
  return `${lines.map((line) => shortenText(line, longestLine)).join('\n')}\n`;
}

const words = {
  holds: 'HOLDS: the evidence is what was signed, and all that was due in the period was done.',
  tampered: 'TAMPERED: the evidence is not what was signed, as said above.',
  incomplete:
    'INCOMPLETE: nothing was changed, but the evidence does not show that all that was due was done.',
} as const;

/** The fields and values are in columns. */
function describeFacts(found: VerifiedFacts): string[] {
  const { info, period, log, checkpoint, ticks, sweeps, changes } = found;
  const span = (from: Date, to: Date) => `${from.toISOString()} to ${to.toISOString()}`;
  const { due, held, late, missed, skipped, pending, unexplained } = ticks;
  const rows: [string, string][] = [
    ['log', `${info.origin}, ${info.size} leaves, installation ${info.installation}`],
    ['only the key', info.only === null ? '' : info.only.join(' ')],
    ['period asked', span(period.from, period.to)],
    ['log found', log === undefined ? 'no leaf' : span(log.first, log.newest)],
    ['signed by', describeSigners(checkpoint)],
    ['times', describeTimes(found)],
    ['kept elsewhere', describeKept(found)],
    [
      'due',
      `${due}: ${held} held, ${late} closed too late, ${missed} missed and said so, ${skipped} skipped and said so, ${pending} still open, ${unexplained} unexplained`,
    ],
    ['sweeps', `${sweeps.count}: ${sweeps.complete} complete, ${sweeps.incomplete} incomplete`],
    ['least coverage', describeLeast(found)],
    ...changes.map((leaf): [string, string] => ['changed', describeChange(leaf)]),
  ];
  const shown = rows.filter(([, value]) => value !== '');
  return [...shown.map(([name, value]) => `${name.padEnd(15)} ${value}`), ''];
}

function describeSigners(checkpoint: VerifiedFacts['checkpoint']): string {
  const signers = checkpoint?.signers ?? [];
  return signers.length === 0
    ? 'nobody'
    : signers.map(({ name, id }) => `${name}+${id}`).join(', ');
}

function describeTimes({ isWitnessed, checkpoint }: VerifiedFacts): string {
  if (!isWitnessed) return 'time asserted by the host: no witnesses were asked for';
  const cosigners = (checkpoint?.cosigners ?? []).map(({ key, atSeconds }) => {
    return `${key.name}+${key.id} at ${new Date((atSeconds ?? 0) * 1_000).toISOString()}`;
  });
  return `witnessed by ${cosigners.length === 0 ? 'nobody' : cosigners.join(', ')}`;
}

function describeKept({ kept: { compared, ofOtherLogs } }: VerifiedFacts): string {
  if (compared === 0) return '';
  const others = ofOtherLogs === 0 ? '' : `, ${ofOtherLogs} of other logs left out`;
  return `${compared} ${compared === 1 ? 'checkpoint' : 'checkpoints'} compared${others}`;
}

function describeLeast({ sweeps: { least } }: VerifiedFacts): string {
  if (least === undefined) return 'no full sweep';
  return `${least.audited} of ${least.tracked} keys (leaf ${least.leaf})`;
}

function describeChange({ n, event, subjects }: NumberedLeaf): string {
  const { event: what, at, ...members } = event;
  const values = Object.entries({ ...members, ...subjects });
  const said = values.map(([name, value]) => `${name} ${String(value)}`).join(', ');
  return `leaf ${n}, ${at}: ${what}: ${said}`;
}
