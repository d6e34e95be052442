import { expect, test } from 'vitest';
import { run } from './run.ts';

test.each([
  ['a flag that is none', ['sweep', '--colour'], /unknown option '--colour'/],
  ['a command that is none', ['swep'], /unknown command 'swep'/],
  ['no keys to audit', ['audit'], /missing required argument/],
  [
    'a key with an invisible character',
    ['audit', 'key_1\u200b'],
    /^"key_1\\u200b" must not hold U\+200B, an invisible character$/m,
  ],
  ['a source with one', ['audit', 'k', '--source', 'p\u00a0'], /must not hold U\+00A0, a space/],
  ['a word too many', ['sweep', 'now'], /too many arguments/],
  ['a severity that is none', ['sweep', '--fail-on', 'dire'], /Allowed choices are info/],
  ['a role that is none', ['start', '--role', 'king'], /--role king: must be scheduler/],
  ['no role', ['start', '--role', ''], /--role : must be scheduler/],
  ['a port that is none', ['sandbox', '--port', '70000'], /--port 70000: must be a whole number/],
  ['a severity to list that is none', ['keys', 'list', '--fail-on', 'dire'], /Allowed choices are/],
  ['a status that is none', ['findings', '--status', 'gone'], /Allowed choices are open/],
  ['a format that is none', ['sweep', '--format', 'xml'], /Allowed are table, json, csv, html and/],
  ['HTML of a list', ['keys', 'list', '--format', 'html'], /html is a format for reports only/],
  ['SARIF of a list', ['findings', '--format', 'sarif'], /Allowed are table, json and csv\.$/m],
  ['a bad past', ['policy', 'backtest', '--since', '1y'], /must be a whole, positive duration/],
  ['two pasts', ['policy', 'backtest', '--since', '1d', '--sweep', 'x'], /cannot both be given/],
  ['half of alerts', ['alerts'], /Usage: keysweep alerts/],
  ['a state that is none', ['alerts', 'list', '--state', 'lost'], /Allowed choices are pending/],
  ['a limit of nothing', ['alerts', 'list', '--limit', '0'], /a whole number from 1 to 1000000/],
  ['no alert to retry', ['alerts', 'retry'], /^name the alerts: give ids/],
  ['an alert and all', ['alerts', 'retry', 'x', '--failed'], /^give ids or --failed, not both/],
  ['a channel of one', ['alerts', 'retry', 'x', '--channel', 'y'], /^--channel goes with --failed/],
  ['half of sweeps', ['sweeps'], /Usage: keysweep sweeps/],
  ['no sweep of many', ['sweeps', 'list', '--limit', '0'], /a whole number from 1 to 1000000/],
  ['an id that is none', ['report', 'last'], /^"last" is no sweep id: it must be a UUID, or the/],
  [
    'an id to stop',
    ['sweeps', 'stop', 'zz'],
    /^"zz" is no sweep id: .* keysweep sweeps list shows/,
  ],
  ['an id to release', ['alerts', 'release', '74ba22-40'], /^"74ba22-40" is no sweep id/],
  ['an id to list by', ['alerts', 'list', '--sweep', 'zz'], /^"zz" is no sweep id/],
  ['an id to retry', ['alerts', 'retry', 'ab', 'zz'], /^"zz" is no alert id: .* alerts list shows/],
  ['an id to judge', ['policy', 'backtest', '--sweep', ''], /^"" is no sweep id/],
  ['help to come', ['keys', 'adopt', '--help'], /^keysweep keys adopt is not supported yet/],
  ['adopting a key', ['keys', 'adopt', 'key_1'], /^keysweep keys adopt is not supported yet/],
  ['a format to come', ['report', '--format', 'ocsf'], /This format is not supported yet/],
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
