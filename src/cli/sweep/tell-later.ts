import { say, type Terminal } from '../terminal.ts';

/** Lines that alerts write while a sweep runs. */
export interface LaterLines {
  tell(line: string): void;
  /** Prints what was told so far, and from now on at once. */
  show(): void;
}

/**
 * Keeps the lines of alerts until the report is printed: between its header and its table nobody
 * could read either. Undefined where nobody reads along, so that channels write JSON to the log.
 */
export function tellLater(terminal: Terminal): LaterLines | undefined {
  if (terminal.stderr.isTTY !== true) return undefined;
  let kept: string[] | undefined = [];
  return {
    tell(line) {
      if (kept === undefined) say(terminal, line);
      else kept.push(line);
    },
    show() {
      const lines = kept ?? [];
      kept = undefined;
      for (const line of lines) say(terminal, line);
    },
  };
}
