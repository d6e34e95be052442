import { hashText } from '../../../config/files/named-files.ts';
import { mostConfigBytes } from '../../../documents/most-config-bytes.ts';
import { ProblemError } from '../../problems/problem.ts';
import type { ActionEntry } from '../actions/action-entry.ts';
import { onceOf } from '../actions/audit-keys.ts';
import type { FormFields } from '../forms/form-fields.ts';
import { pathOfBacktest } from '../paths.ts';
import { parseSpan } from './spans.ts';

/** Judges kept sweeps by a policy that somebody uploads or pastes. The answer does not wait for it. */
export const tryPolicy: ActionEntry = {
  path: '/actions/backtest',
  what: 'backtest',
  async run({ frame, form }, { operations, backtests }) {
    const policy = await readPolicyField(form);
    const sweeps = parseSpan(form.one('sweeps'));
    const by = frame.caller?.name ?? '';
    const once = onceOf(form, [hashText(policy), sweeps]);
    const { id } = backtests.start({ policy, sweeps, by, once }, operations.backtest);
    return { kind: 'go', to: pathOfBacktest(id) };
  },
};

/** A file counts before a text. */
async function readPolicyField(form: FormFields): Promise<string> {
  const file = form.file('file');
  const text = file === undefined ? form.one('policy') : await decode(file);
  if (text === undefined || text.trim() === '') {
    throw new ProblemError({
      status: 400,
      detail: 'choose the file of a policy, or paste its text',
    });
  }
  if (Buffer.byteLength(text) > mostConfigBytes) {
    throw new ProblemError({ status: 413, detail: 'the policy is larger than 1 MB' });
  }
  return file === undefined ? undoForm(text) : text;
}

/** Browsers send the lines of a field with CR and LF; the hash is that of the file. */
function undoForm(text: string): string {
  return text.replaceAll('\r\n', '\n');
}

async function decode(file: File): Promise<string> {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(await file.arrayBuffer());
  } catch {
    throw new ProblemError({ status: 400, detail: 'the file is not text in UTF-8' });
  }
}
