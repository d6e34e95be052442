import { afterAll } from 'vitest';
import { eventually } from './eventually.ts';

const watched = new Set(['TCPSocketWrap', 'TCPServerWrap', 'PipeServerWrap', 'ProcessWrap']);
const open = () => process.getActiveResourcesInfo().filter((kind) => watched.has(kind));

const before = open().length;

/** A file fails if it leaves sockets, servers or processes open: such a leak is one in service. */
afterAll(async () => {
  await eventually(
    'every socket, server and process of this file is closed',
    () => {
      const left = open();
      if (left.length > before) throw new Error(`still open: ${left.join(', ')}`);
      return true;
    },
    { deadlineMs: 3_000 },
  );
});
