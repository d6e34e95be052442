import { type CommandEntry, option } from '../command-entry.ts';
import { config, noColor, output, quiet, server } from '../options.ts';

/** Takes an option that may be given again. */
const addTo = (value: string, values: readonly string[]) => [...values, value];

/** The commands of the log of the evidence. */
export const evidenceCommands: readonly CommandEntry[] = [
  {
    name: 'evidence',
    about:
      'make the key of the log of the evidence, check, show and export the log, and verify packs',
  },
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
    name: 'evidence export',
    about:
      'write the evidence of a time as a pack that verifies offline; exit 1 when records differ',
    options: [
      config,
      server,
      option('--from <time>', 'from this day or instant on (UTC)').makeOptionMandatory(),
      option(
        '--to <time>',
        'until the end of this day, or before this instant (UTC)',
      ).makeOptionMandatory(),
      option('--only <key>', 'prove only this key, as SOURCE/KEY or by its id, and show no other'),
      option(
        '--output <pack>',
        'a file that ends in .tar.gz, else a folder; neither may exist',
      ).makeOptionMandatory(),
      quiet,
    ],
    load: async () => (await import('./export.ts')).runEvidenceExport,
  },
  {
    name: 'evidence show',
    about:
      'print what a sweep found of a key, and what proves it; exit 1 when the proof does not hold',
    words: [
      { form: '<sweep>', about: 'the id of the sweep, or a unique beginning of it' },
      { form: '<key>', about: 'SOURCE/KEY, or the id of the key' },
    ],
    options: [
      config,
      server,
      option('--format <format>', 'the format of the output', 'table').choices(['table', 'json']),
      output,
      quiet,
      noColor,
    ],
    load: async () => (await import('./show.ts')).runEvidenceShow,
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
    name: 'evidence verify',
    about: 'verify a pack by its files and whom you trust; opens no store and no configuration',
    words: [{ form: '<pack>', about: 'the folder or the .tar.gz of the pack' }],
    options: [
      option('--key <key>', 'the verifier key of the log, or its file; may be given again')
        .argParser(addTo)
        .default([], 'none'),
      option('--policy <file>', 'a trust policy (C2SP tlog-policy): logs, witnesses and a quorum'),
      option('--saw <file>', 'a mail or file with a checkpoint that you kept; may be given again')
        .argParser(addTo)
        .default([], 'none'),
      option('--from <time>', 'from this day or instant on, UTC (default: as the pack)'),
      option('--to <time>', 'until the end of this day, or before this instant (UTC)'),
      option('--format <format>', 'the format of the output', 'table').choices(['table', 'json']),
    ],
    load: async () => (await import('./verify.ts')).runVerify,
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
