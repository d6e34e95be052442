/** Where the board of the queue stands. */
export const queueBoardPath = '/queue-board';
