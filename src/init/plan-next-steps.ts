import type { VendorEnvironment } from './answers.ts';

interface Written {
  readonly environment: VendorEnvironment;
  readonly place: (name: string) => string;
  /** Whether commands find the configuration without `--config`. */
  readonly found: boolean;
}

/** The next three commands, each with a shell comment if it needs one. */
export function planNextSteps({ environment, place, found }: Written): readonly string[] {
  const config = found ? '' : ` --config ${place('keysweep.yaml')}`;
  const validate = `keysweep config validate${config}`;
  const sweep = `keysweep sweep${config}`;
  if (environment === 'sandbox') {
    return [withComment('keysweep sandbox', 'in a second terminal'), validate, sweep];
  }
  const env = place('.env');
  return [
    withComment(`cp ${place('.env.example')} ${env}`, `then edit it and ${place('keys.csv')}`),
    `set -a; . ${env}; set +a; ${validate}`,
    sweep,
  ];
}

function withComment(command: string, comment: string): string {
  return `${command}   # ${comment}`;
}
