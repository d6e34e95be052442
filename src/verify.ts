#!/usr/bin/env node
// The verifier alone, as one file that imports only modules of Node: dist/src/verify.mjs.
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { auditPack } from './evidence/auditing/audit-pack.ts';
import { AuditRefused } from './evidence/auditing/audit-refused.ts';

const usage = `Verifies a pack of evidence of keysweep, without a store, a network or a configuration.

node verify.mjs PACK --key VKEY|FILE [--key …] | --policy FILE
  [--saw FILE …] [--from TIME] [--to TIME] [--format table|json]

Exit 0: all holds. 1: tampered. 3: intact, but incomplete. 2: usage, or unreadable.
Get this program, the key and the policy from elsewhere than from the pack.
`;

/** The build writes the version of the package here. */
declare const keysweepVersion: string;

const maker = {
  keysweep: keysweepVersion,
  timezones: process.versions.tz ?? '',
  program: readFileSync(import.meta.filename),
};

try {
  process.exitCode = await run(process.argv.slice(2));
} catch (error) {
  const { message, code = '' } = error as Error & { code?: string };
  if (!(error instanceof AuditRefused) && !code.startsWith('ERR_PARSE_ARGS')) throw error;
  // Node says more than one line of a mistake in an option.
  process.stderr.write(`${message.split('\n', 1)[0]}\n`);
  process.exitCode = 2;
}

async function run(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      help: { type: 'boolean', default: false },
      key: { type: 'string', multiple: true, default: [] },
      policy: { type: 'string' },
      saw: { type: 'string', multiple: true, default: [] },
      from: { type: 'string' },
      to: { type: 'string' },
      format: { type: 'string', default: 'table' },
    },
  });
  const { help, format, ...asked } = values;
  const [pack, ...more] = positionals;
  if (help) {
    process.stdout.write(usage);
    return 0;
  }
  if (pack === undefined || more.length > 0) {
    throw new AuditRefused('name one pack, and whom you trust; --help says how');
  }
  if (format !== 'table' && format !== 'json') {
    throw new AuditRefused(`--format ${format}: must be table or json`);
  }
  const { code, text } = await auditPack(process.cwd(), { ...asked, pack, format }, maker);
  process.stdout.write(text);
  return code;
}
