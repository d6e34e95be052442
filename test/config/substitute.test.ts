// biome-ignore-all lint/suspicious/noTemplateCurlyInString: they are the variables of the configuration
import { describe, expect, test } from 'vitest';
import { goodConfig, mistakesWhere, mistakesWith, readGood } from './workspace.ts';

const secretOf = async (value: string, env: Record<string, string> = {}, files = {}) => {
  const text = goodConfig.replace('appSecret: secret-of-app', () => value);
  const { secrets } = await readGood({ files: { 'config/keysweep.yaml': text, ...files }, env });
  return secrets.sources.get('prod')?.appSecret;
};

describe('variables', () => {
  test.each([
    ['${S}', { S: 'given' }, 'given'],
    ['pre-${S}-post', { S: 'x' }, 'pre-x-post'],
    ['${A}${B:-b}', { A: 'a' }, 'ab'],
    ['${S:-standard}', {}, 'standard'],
    ['${S:-standard}', { S: '' }, 'standard'],
    ['"${S:-with: signs, {and} # more}"', {}, 'with: signs, {and # more}'],
    ["'${S}'", { S: '${T}' }, '${T}'],
    ['$${S}', { S: 'x' }, '${S}'],
    ['${S}', { S: 'a: b # c\n"d"' }, 'a: b # c\n"d"'],
    ['${S}', { S: '0123456789' }, '0123456789'],
    ['cost$5', {}, 'cost$5'],
  ])('%s', async (value, env, expected) => {
    expect(await secretOf(`appSecret: ${value}`, env as Record<string, string>)).toBe(expected);
  });

  test('stand without quotes inside braces too, as the documentation has them', async () => {
    const lines = 'http: { host: ${HOST}, port: ${PORT:-4} }\n';
    const { config } = await readGood({
      files: { 'config/keysweep.yaml': goodConfig + lines },
      env: { HOST: 'localhost', PORT: '8099' },
    });
    expect(config.http).toMatchObject({ host: 'localhost', port: 8_099 });
  });

  test('give numbers and booleans where these are wanted, durations and ids as well', async () => {
    const lines = 'alerts: { allowPrivateNetworks: ${OPEN} }\nretention: ${KEEP}\n';
    const { config } = await readGood({
      files: { 'config/keysweep.yaml': goodConfig + lines },
      env: { OPEN: 'true', KEEP: '3d' },
    });
    expect(config.alerts.allowPrivateNetworks).toBe(true);
    expect(config.retentionMs).toBe(3 * 86_400_000);
  });

  test('give a number or a word where either will do', async () => {
    const line = '    concurrency: ${AT_ONCE}\n    appKey:';
    const files = { 'config/keysweep.yaml': goodConfig.replace('    appKey:', () => line) };
    const source = async (given: string) =>
      (await readGood({ files, env: { AT_ONCE: given } })).config.sources[0];
    expect(await source('4')).toMatchObject({ concurrency: 4, adaptsConcurrency: false });
    expect(await source('auto')).toMatchObject({ adaptsConcurrency: true });
  });

  test('that are no number where one is wanted are a mistake, and are not shown', async () => {
    expect(await mistakesWith('http: { port: ${PORT} }\n', { PORT: 'canary' })).toEqual([
      'config/keysweep.yaml:10:15 http.port: must be a number, not text',
    ]);
    expect(await mistakesWith('http: { port: "80${PORT}" }\n', { PORT: '80' })).toEqual([
      'config/keysweep.yaml:10:15 http.port: must be a number, not text',
    ]);
  });

  test('that are not set are told once each, with their places', async () => {
    const lines = 'http: { port: ${A}, host: "${B}" }\nlog: { level: ${C} }\n';
    expect(await mistakesWith(lines)).toEqual([
      'config/keysweep.yaml:10:15 http.port: the variable A is not set',
      'config/keysweep.yaml:10:27 http.host: the variable B is not set',
      'config/keysweep.yaml:11:15 log.level: the variable C is not set',
    ]);
  });

  test('are not looked for among what every object has', async () => {
    expect(await mistakesWhere('secret-of-app', '${constructor}')).toEqual([
      'config/keysweep.yaml:6:16 sources.0.appSecret: the variable constructor is not set',
    ]);
  });

  test.each(['a ${ b', '${}', '${1A}', '${A-b}', '${A:b}'])('misspelt: %s', async (value) => {
    expect(await mistakesWhere('secret-of-app', `"${value}"`, { A: 'x' })).toEqual([
      'config/keysweep.yaml:6:16 sources.0.appSecret: a variable must be written ${NAME} or ${NAME:-default}',
    ]);
  });

  test('that are empty do not pass for a secret', async () => {
    expect(await mistakesWhere('secret-of-app', '${S}', { S: '' })).toEqual([
      'config/keysweep.yaml:6:16 sources.0.appSecret: must not be empty',
    ]);
  });

  test('have no meaning in the policy', async () => {
    const policy = 'version: "${V}"\nrules: [{ id: m, type: missing, severity: low }]\n';
    const { config } = await readGood({ files: { 'config/policy.yaml': policy } });
    expect(config.policy.policy.version).toBe('${V}');
  });
});

describe('files', () => {
  test('are relative to the configuration; line ends at their end are left out', async () => {
    const files = { 'config/secrets/app': 'from a file ${NOT}\r\n\n' };
    expect(await secretOf('appSecretFile: secrets/app', {}, files)).toBe('from a file ${NOT}');
  });

  test('may be named by variables', async () => {
    const files = { 'config/run/app': 's' };
    expect(await secretOf('appSecretFile: ${DIR}/app', { DIR: 'run' }, files)).toBe('s');
  });

  test('give any value, numbers too', async () => {
    const { config } = await readGood({
      files: {
        'config/keysweep.yaml': `${goodConfig}http: { portFile: port }\nretentionFile: keep\n`,
        'config/port': '81\n',
        'config/keep': '1w\n',
      },
    });
    expect(config.http?.port).toBe(81);
    expect(config.retentionMs).toBe(604_800_000);
  });

  test('whose name is a variable that is not set are one mistake', async () => {
    expect(await mistakesWhere('appSecret: secret-of-app', 'appSecretFile: ${DIR}')).toEqual([
      'config/keysweep.yaml:6:20 sources.0.appSecret: the variable DIR is not set',
    ]);
  });

  test('beside the value itself are a mistake', async () => {
    const both = 'secret-of-app\n    appSecretFile: somewhere';
    expect(await mistakesWhere('secret-of-app', both)).toEqual([
      'config/keysweep.yaml:7:5 sources.0.appSecret: appSecret and appSecretFile cannot both be given',
    ]);
  });

  test.each([
    ['none', '"none" cannot be read: there is no such file'],
    ['.', '"." cannot be read: it is a folder'],
    ['/dev/zero', '"/dev/zero" cannot be read: it is not a regular file'],
    ['[a]', 'must be the name of a file'],
    ['""', 'must be the name of a file'],
  ])('that cannot be read are a mistake: %s', async (file, words) => {
    expect(await mistakesWhere('appSecret: secret-of-app', `appSecretFile: ${file}`)).toEqual([
      `config/keysweep.yaml:6:5 sources.0.appSecret: ${words.replace(/^"/, 'the file "')}`,
    ]);
  });
});
