import { auditPack, type PackAuditOptions } from '../../evidence/auditing/audit-pack.ts';
import { AuditRefused } from '../../evidence/auditing/audit-refused.ts';
import { readTextMaker } from '../../operations/evidence/text-maker.ts';
import { writeText } from '../output/write-output.ts';
import { CommandFailed, type ExitCode, type Terminal } from '../terminal.ts';

/** `keysweep evidence verify`: opens no store and no configuration. */
export async function runVerify(
  terminal: Terminal,
  pack: string,
  options: Omit<PackAuditOptions, 'pack'>,
): Promise<ExitCode> {
  try {
    const { code, text } = await auditPack(terminal.cwd, { ...options, pack }, readTextMaker());
    await writeText(terminal, text);
    return code;
  } catch (error) {
    if (error instanceof AuditRefused) throw new CommandFailed(error.message);
    throw error;
  }
}
