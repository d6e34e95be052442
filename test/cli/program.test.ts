import { expect, test } from 'vitest';
import { run } from './run.ts';

test.each([
  ['a flag that is none', ['sweep', '--colour'], /unknown option '--colour'/],
  ['a command that is none', ['swep'], /unknown command 'swep'/],
  ['no keys to audit', ['audit'], /missing required argument/],
  ['a word too many', ['sweep', 'now'], /too many arguments/],
  ['a severity that is none', ['sweep', '--fail-on', 'dire'], /Allowed choices are info/],
  ['a role that is none', ['start', '--role', 'king'], /--role king: there are scheduler/],
  ['no role', ['start', '--role', ''], /--role : there are scheduler/],
  ['a port that is none', ['sandbox', '--port', '70000'], /--port 70000: must be a whole number/],
  ['a severity to list that is none', ['keys', 'list', '--fail-on', 'dire'], /Allowed choices are/],
  ['a status that is none', ['findings', '--status', 'gone'], /Allowed choices are open/],
  ['a format that is none', ['sweep', '--format', 'xml'], /Allowed are table, json, csv, html and/],
  ['HTML of a list', ['keys', 'list', '--format', 'html'], /html is a format of reports, not of/],
  ['SARIF of a list', ['findings', '--format', 'sarif'], /Allowed are table, json and csv\.$/m],
  ['a bad past', ['policy', 'backtest', '--since', '1y'], /must be a whole, positive duration/],
  ['two pasts', ['policy', 'backtest', '--since', '1d', '--sweep', 'x'], /cannot both be given/],
  ['the alerts command', ['alerts', 'test', 'siem'], /^keysweep alerts is not supported yet/],
  ['the doctor', ['doctor'], /^keysweep doctor is not supported yet/],
  ['acknowledging for nobody', ['findings', 'acknowledge', 'f'], /required option '--by/],
  ['a schema that is none', ['config', 'schema', 'x'], /no schema is called "x"; there are keys/],
  ['half a command', ['keys'], /Usage: keysweep keys/],
  ['no command', [], /Usage: keysweep/],
])('%s is said, with exit 2', async (_what, args, words) => {
  const { code, stdout, stderr } = await run(args);
  expect(stderr).toMatch(words);
  expect(stderr).not.toMatch(/^ +at /m);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
});

test.each([
  [['--help'], /Usage: keysweep/],
  [['help', 'sweep'], /Usage: keysweep sweep/],
  [['sweep', '--help'], /--fail-on/],
  [['report', '--help'], /--format <format> +table, json, csv, html or sarif \(default: "table"\)/],
  [['findings', '--help'], /--format <format> +table, json or csv \(default/],
  [['--version'], /^\d+\.\d+\.\d+\n$/],
  [['config', 'schema', 'policy'], /^\{/],
])('%j is answered on stdout, with exit 0', async (args, words) => {
  const { code, stdout, stderr } = await run(args);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toMatch(words);
});
