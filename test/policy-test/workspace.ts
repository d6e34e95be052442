import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';

export const policy = `version: "7"
rules:
  - { id: stale-45, type: stale, after: 45d, severity: high }
  - { id: woke, type: reawakened, dormant: 60d, severity: high }
  - { id: gone, type: missing, severity: low }
`;

const defaults = `policy: policy.yaml
defaults:
  at: 2026-11-23T12:00:00Z
  observed: { type: secret, scopes: [], createdOn: 300d ago, lastUsed: 1h ago, lastFour: "1234" }
cases:
`;

/** A folder with a policy and `cases.yaml` that holds these cases; the test states what differs. */
export function workspace(cases: string, files: Record<string, string> = {}): string {
  const folder = mkdtempSync(join(tmpdir(), 'keysweep-cases-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const all = { 'policy.yaml': policy, 'cases.yaml': defaults + cases, ...files };
  for (const [name, content] of Object.entries(all)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  return folder;
}
