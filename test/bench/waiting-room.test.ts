import { expect, test } from 'vitest';
import { createWaitingRoom } from '../../bench/support/vendor/waiting-room.ts';

function roomFor(places: number, longestLine = Number.POSITIVE_INFINITY) {
  const begun: number[] = [];
  const room = createWaitingRoom(places, longestLine);
  const enter = (request: number) => room.enter(() => begun.push(request));
  return { room, begun, enter };
}

test('works on as many requests as it has places, and lets the first in line follow', () => {
  const { room, begun, enter } = roomFor(2);
  for (const request of [1, 2, 3, 4]) enter(request);
  expect(begun).toEqual([1, 2]);
  room.leave();
  expect(begun).toEqual([1, 2, 3]);
});

test('turns away only those above the longest line', () => {
  const { enter } = roomFor(1, 2);
  expect([1, 2, 3, 4].map(enter)).toEqual([true, true, true, false]);
});

test('takes no other request after a halving, until fewer are worked on', () => {
  const { room, begun, enter } = roomFor(4);
  for (const request of [1, 2, 3, 4, 5, 6]) enter(request);
  room.resize(2);
  room.leave();
  room.leave();
  expect(begun).toHaveLength(4);
  room.leave();
  expect(begun).toHaveLength(5);
});

test('works on those in line at once when it gets more places', () => {
  const { room, begun, enter } = roomFor(1);
  for (const request of [1, 2, 3]) enter(request);
  room.resize(3);
  expect(begun).toEqual([1, 2, 3]);
});
