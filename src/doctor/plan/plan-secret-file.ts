import { type Line, warning, well } from '../line.ts';

const byOthers = 0o007;
const writableByGroup = 0o020;

/** Judges the mode of a file that holds a secret. Its group may read it, as containers need. */
export function planSecretFile(file: string, mode: number): Line {
  const shown = (mode & 0o777).toString(8).padStart(4, '0');
  if ((mode & (byOthers | writableByGroup)) === 0) return well(file, `mode ${shown}`);
  const seen = `mode ${shown}: other users may read or change it`;
  return warning(file, seen, `chmod 600 ${file}`);
}
