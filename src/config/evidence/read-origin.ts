import { dirname } from 'node:path';
import { mostConfigBytes } from '../../documents/most-config-bytes.ts';
import { readText } from '../../documents/read-text.ts';
import { readYaml } from '../../documents/yaml-document.ts';
import { mapping } from '../../evaluate/policy/plain-values.ts';
import { type ConfigPlace, configPath } from '../files/config-path.ts';
import { hideVariables, substitute } from '../substitute.ts';

/**
 * The name that a configuration gives the log, before it can be right as a whole: its key may not be
 * there yet. Undefined where there is no configuration, or it has no such name.
 */
export async function readOrigin(place: ConfigPlace): Promise<string | undefined> {
  const file = configPath(place);
  const read = await readText(file, mostConfigBytes);
  const parsed = read.ok ? readYaml(hideVariables(read.text)) : undefined;
  if (parsed?.ok !== true) return undefined;
  await substitute(parsed.document, place.env, dirname(file));
  const { origin } = mapping(mapping(parsed.document.toValue())['evidence']);
  return typeof origin === 'string' && origin !== '' ? origin : undefined;
}
