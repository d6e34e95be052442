import { join } from 'node:path';
import { writeText } from '../output/write-output.ts';
import { CommandFailed, type ExitCode, say, type Terminal } from '../terminal.ts';
import { jsonSchemas, writeSchemas } from './json-schemas.ts';

export interface SchemaOptions {
  /** A folder to write the schemas into, as files. */
  readonly write?: string;
}

/** `keysweep config schema [NAME]`: the JSON schema of a file, for editors. */
export async function runConfigSchema(
  terminal: Terminal,
  name: string,
  { write }: SchemaOptions,
): Promise<ExitCode> {
  if (write !== undefined) {
    for (const file of await writeSchemas(join(terminal.cwd, write)))
      say(terminal, `wrote ${file}`);
    return 0;
  }
  const schemas = jsonSchemas();
  const schema = schemas[`${name}.schema.json`];
  if (schema === undefined) {
    const names = Object.keys(schemas).map((file) => file.replace('.schema.json', ''));
    throw new CommandFailed(
      `no schema is called ${JSON.stringify(name)}; there are ${names.join(', ')}`,
    );
  }
  await writeText(terminal, schema);
  return 0;
}
