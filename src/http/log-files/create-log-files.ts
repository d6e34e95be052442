import { type Context, Hono } from 'hono';
import { fullWidth, parseTilePath } from '../../evidence/log/tiles.ts';
import { type NoteDenied, permit } from '../../operations/recording/permit.ts';
import { readBundle } from '../../record/exports/read-log-files.ts';
import { readNewestCheckpoint } from '../../record/log/checkpoints.ts';
import { logTiles } from '../../record/log/log-tiles.ts';
import type { Records } from '../../record/store/database.ts';
import { refuseOtherMethods } from '../api/refuse-other-methods.ts';
import type { CallerEnv } from '../caller-env.ts';
import { ProblemError } from '../problems/problem.ts';

export interface LogFilesParts {
  readonly db: Records;
  /** Whether everybody may read them; else whoever may download evidence. */
  readonly open: boolean;
  /** Hears of what a role does not permit. */
  readonly noteDenied: NoteDenied;
}

/** A full tile never changes. */
const forGood = 'public, max-age=31536000, immutable';
const notForGood = 'no-cache';

/**
 * The evidence log as C2SP tlog-tiles has it: the newest checkpoint, and the tiles and entries of the
 * log up to it. While nothing is signed, there is nothing.
 */
export function createLogFiles({ db, open, noteDenied }: LogFilesParts): Hono<CallerEnv> {
  const files = new Hono<CallerEnv>();
  const assertAllowed = (context: Context<CallerEnv>) => {
    if (!open) assertAuditor(context, noteDenied);
  };
  files.get('/checkpoint', async (context) => {
    assertAllowed(context);
    const checkpoint = await readNewestCheckpoint(db);
    if (checkpoint === undefined) throw absent;
    return context.text(checkpoint.note, 200, { 'cache-control': notForGood });
  });
  files.get('/tile/*', async (context) => {
    assertAllowed(context);
    const path = context.req.path.replace(/^\/evidence\//, '');
    const { bytes, isFull } = await readTile(db, path);
    return context.body(bytes, 200, {
      'content-type': 'application/octet-stream',
      'cache-control': isFull && open ? forGood : notForGood,
    });
  });
  return refuseOtherMethods(files);
}

const absent = new ProblemError({ status: 404, detail: 'the evidence log has no such file' });

function assertAuditor(context: Context<CallerEnv>, noteDenied: NoteDenied): void {
  const caller = context.get('caller');
  if (caller !== undefined) {
    permit(caller, { what: 'evidence-log', access: 'evidence' }, noteDenied);
    return;
  }
  throw new ProblemError({
    status: 401,
    detail: 'send a token: Authorization: Bearer …',
    headers: { 'www-authenticate': 'Bearer realm="keysweep"' },
  });
}

/** Throws 404 for what is no path, and for what the newest checkpoint does not stand for. */
async function readTile(db: Records, path: string) {
  const tile = parseTilePath(path);
  const size = (await readNewestCheckpoint(db))?.size ?? 0;
  if (tile === undefined) throw absent;
  const { level, index, width } = tile;
  const hashes = level === 'entries' ? size : Math.floor(size / fullWidth ** level);
  if (index * fullWidth + width > hashes) throw absent;
  const bytes =
    level === 'entries'
      ? await readBundle(db, index, width)
      : await logTiles(db).read(level, index, width);
  return { bytes: Buffer.from(bytes), isFull: width === fullWidth };
}
