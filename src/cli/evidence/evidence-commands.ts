import { type CommandEntry, option } from '../command-entry.ts';
import { config, noColor, output, quiet, server } from '../options.ts';

/** The commands of the log of the evidence. */
export const evidenceCommands: readonly CommandEntry[] = [
  { name: 'evidence', about: 'make the key of the log of the evidence, and check the log' },
  {
    name: 'evidence check',
    about: 'compare the records with the log of the evidence; exit 1 when they differ',
    options: [
      config,
      server,
      option('--from <time>', 'make only sweeps from this day or instant on anew (UTC)'),
      option('--to <time>', 'and only until the end of this day, or before this instant (UTC)'),
      option('--format <format>', 'the format of the output', 'table').choices(['table', 'json']),
      output,
      quiet,
      noColor,
    ],
    load: async () => (await import('./check.ts')).runEvidenceCheck,
  },
  {
    name: 'evidence keygen',
    about: 'make the key that signs the log: FILE is secret, FILE.pub is for auditors',
    options: [
      option('--output <file>', 'the file of the key; it must not exist').makeOptionMandatory(),
      option('--origin <name>', 'the name of the log (default: evidence.origin)'),
      option('--witness <name>', 'make the key of a witness with this name').conflicts('origin'),
      config,
    ],
    load: async () => (await import('./keygen.ts')).runKeygen,
  },
  {
    name: 'evidence key-rotate',
    about: 'have the key of the log and a new one sign that the new one replaces it',
    options: [
      option('--to <file>', 'the new key, from evidence keygen').makeOptionMandatory(),
      config,
      quiet,
    ],
    load: async () => (await import('./key-rotate.ts')).runKeyRotate,
  },
  {
    name: 'witness',
    about: 'cosign the checkpoints of logs that only grow, until stopped; needs no configuration',
    options: [
      option('--listen <host:port>', 'where to listen').makeOptionMandatory(),
      option('--key <file>', 'its key, from evidence keygen --witness').makeOptionMandatory(),
      option('--log <key>', 'the verifier key of a log, or its file; may be given again')
        .argParser((log: string, logs: readonly string[] = []) => [...logs, log])
        .makeOptionMandatory(),
      option('--state <file>', 'where it keeps what it cosigned last').makeOptionMandatory(),
    ],
    load: async () => (await import('../witness.ts')).runWitness,
  },
];
