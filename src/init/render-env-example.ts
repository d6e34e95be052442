import type { VendorEnvironment } from './answers.ts';

/** `place`: where a file of this name will be, as a word that a shell understands. */
export function renderEnvExample(
  environment: VendorEnvironment,
  place: (name: string) => string,
): string {
  const env = place('.env');
  return [
    '# The variables that keysweep.yaml uses. Copy this file, put your values in, and load the copy:',
    `#   cp ${place('.env.example')} ${env}`,
    `#   set -a; . ${env}; set +a`,
    '# Commands in that shell then have the variables. For a single command:',
    `#   node --env-file=${env} "$(command -v keysweep)" sweep`,
    '# The copy holds secrets: keep it out of version control.',
    '',
    ...variables[environment],
    '',
    '# Optional. PostgreSQL instead of the folder .keysweep, and Redis for the queue:',
    '# DATABASE_URL=postgres://keysweep:password@db.example/keysweep',
    '# REDIS_URL=redis://redis.example:6379',
    '',
  ].join('\n');
}

const variables: Readonly<Record<VendorEnvironment, readonly string[]>> = {
  sandbox: [
    '# `keysweep sandbox` accepts these two, and answers at this address unless it has another --port.',
    'FLEXCHARGE_APP_KEY=demo-app-key',
    'FLEXCHARGE_APP_SECRET=demo-app-secret',
    'FLEXCHARGE_BASE_URL=http://127.0.0.1:4010/v1',
  ],
  production: [
    '# The credentials of your FlexCharge account.',
    'FLEXCHARGE_APP_KEY=replace-with-your-app-key',
    'FLEXCHARGE_APP_SECRET=replace-with-your-app-secret',
  ],
};
