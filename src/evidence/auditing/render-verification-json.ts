import { encodeVerifierKey } from '../log/verifier-key.ts';
import type { Verification, VerifiedFacts } from '../verify/verification.ts';

/** The result for programs: `keysweep.verification/1`. docs/evidence-verify.md says what is in it. */
export function renderVerificationJson({ verdict, problems, found }: Verification): string {
  const facts = found === undefined ? nothing : factsOf(found);
  const said = { schema: 'keysweep.verification/1', verdict, problems, ...facts };
  return `${JSON.stringify(said, null, 2).replace(hidden, escapeUnits)}\n`;
}

/** In JSON these stand in texts only, for it is written with spaces and line feeds alone. */
const hidden = /[^\P{C}\n]|\p{Zl}|\p{Zp}/gu;

/** The same text to whoever reads the JSON, and harmless on a terminal. */
function escapeUnits(character: string): string {
  const units = character.split('');
  return units.map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`).join('');
}

const nothing = {
  ...{ pack: null, period: null, log: null, checkpoint: null, kept: null },
  ...{ timeFrom: null, ticks: null, sweeps: null, changes: [] },
};

function factsOf({ info, period, log, checkpoint, ...found }: VerifiedFacts) {
  const { origin, installation, keysweep, size, only, from, to } = info;
  const { least, ...counts } = found.sweeps;
  return {
    pack: { origin, installation, keysweep, leaves: size, only, from, to },
    period: { from: period.from.toISOString(), to: period.to.toISOString() },
    log: log && { first: log.first.toISOString(), newest: log.newest.toISOString() },
    checkpoint: checkpoint && {
      size: checkpoint.size,
      root: checkpoint.root.toString('base64'),
      signers: checkpoint.signers.map(encodeVerifierKey),
      cosigners: checkpoint.cosigners.map(({ key, atSeconds }) => ({
        key: encodeVerifierKey(key),
        at: new Date((atSeconds ?? 0) * 1_000).toISOString(),
      })),
    },
    kept: found.kept,
    timeFrom: found.isWitnessed ? 'witnesses' : 'host',
    ticks: found.ticks,
    sweeps: { ...counts, leastCoverage: least ?? null },
    changes: found.changes.map(({ n, event, subjects }) => ({ leaf: n, ...event, subjects })),
  };
}
