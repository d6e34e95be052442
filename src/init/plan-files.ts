import type { InitAnswers } from './answers.ts';
import { renderEnvExample } from './render-env-example.ts';
import { renderKeysweepYaml } from './render-keysweep-yaml.ts';
import { sourceId } from './source-id.ts';

/** Texts of the installed package that are copied. */
export interface PackagedTexts {
  readonly policy: string;
  /** The JSON schemas for editors. */
  readonly keysweepSchema: string;
  readonly policySchema: string;
}

export interface Setup extends InitAnswers {
  /** An IANA name, such as Europe/Berlin. */
  readonly timezone: string;
  readonly packaged: PackagedTexts;
  /** Where a file of this name will be, as a word that a shell understands. */
  readonly place: (name: string) => string;
}

export interface PlannedFile {
  /** The name in the folder. */
  readonly name: string;
  readonly text: string;
  /** What the file is for, in a few words. */
  readonly about: string;
  /** Only the user may read it. */
  readonly secret?: boolean;
}

interface Content extends Omit<PlannedFile, 'name' | 'text'> {
  readonly text: (setup: Setup) => string;
}

const contents = {
  'keysweep.yaml': { about: 'what to audit, when, and whom to alert', text: renderKeysweepYaml },
  'policy.yaml': {
    about: 'the rules: what counts as wrong',
    text: ({ packaged }) => besideSchema(packaged.policy),
  },
  'keys.csv': { about: 'the keys to audit; the row is an example', text: exampleKeys },
  '.env.example': {
    about: 'the variables that keysweep.yaml uses',
    text: ({ environment, place }) => renderEnvExample(environment, place),
    // `cp` passes the mode on to the copy, which holds secrets.
    secret: true,
  },
  'keysweep.schema.json': schemaFor(({ packaged }) => packaged.keysweepSchema),
  'policy.schema.json': schemaFor(({ packaged }) => packaged.policySchema),
} satisfies Record<string, Content>;

/** The names of all files that `keysweep init` writes. */
export const plannedNames: readonly string[] = Object.keys(contents);

/** All files that `keysweep init` writes. */
export function planFiles(setup: Setup): readonly PlannedFile[] {
  return Object.entries<Content>(contents).map(([name, { text, ...rest }]) => {
    return { name, text: text(setup), ...rest };
  });
}

/** A packaged policy is one folder below its schema. */
function besideSchema(policy: string): string {
  return policy.replace('$schema=../', '$schema=./');
}

/** One key of the sandbox's fleet: last used 46 days ago, so most policies call it stale. */
function exampleKeys({ environment }: InitAnswers): string {
  return [
    'source,key_id,owner,environment,approved_scopes,tags',
    `${sourceId(environment)},key_old_erp,support,production,customers:read|charges:read,legacy`,
    '',
  ].join('\n');
}

function schemaFor(text: Content['text']): Content {
  return { about: 'for the help of your editor', text };
}
