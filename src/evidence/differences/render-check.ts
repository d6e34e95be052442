import { jsonText } from '../../report/json-text.ts';
import { safeText } from '../../report/safe-text.ts';
import { renderCount } from '../../text/render-count.ts';
import type { CheckedRecords } from './check-result.ts';
import { renderDifference } from './render-difference.ts';

/** A comparison as JSON, with each difference as a line for people too. */
export async function* renderCheckJson(checked: CheckedRecords): AsyncIterable<string> {
  const { leaves, sweeps, keys, checkpoints, signatures, more } = checked;
  const read = { leaves, sweeps, keys, checkpoints, signatures, more };
  const counts = { schema: 'keysweep.evidence-check/1', ...read };
  yield `${jsonText(counts, 2).slice(0, -2)},\n  "differences": [`;
  let before = '\n    ';
  for (const difference of checked.differences) {
    yield before + jsonText({ line: renderDifference(difference), ...difference });
    before = ',\n    ';
  }
  yield checked.differences.length === 0 ? ']\n}\n' : '\n  ]\n}\n';
}

/** One line for each difference, and at the end what was compared and verified. */
export async function* renderCheckTable(checked: CheckedRecords): AsyncIterable<string> {
  const { leaves, sweeps, keys, differences, more } = checked;
  for (const difference of differences) yield `${safeText(renderDifference(difference))}\n`;
  if (more > 0) yield `and ${renderCount(more, 'more difference')}\n`;
  const found = differences.length + more;
  const said = found === 0 ? 'no difference' : renderCount(found, 'difference');
  const compared = `${renderCount(sweeps, 'sweep')} and ${renderCount(keys, 'key')} were compared`;
  yield `${said}: ${renderCount(leaves, 'leaf', 'leaves')}, ${compared}\n`;
  yield* renderSignatures(checked);
}

/** Nothing where a server of an earlier version has compared. */
function* renderSignatures({ checkpoints, signatures }: CheckedRecords): Iterable<string> {
  if (signatures === 'verified') {
    yield `the signatures of ${renderCount(checkpoints, 'checkpoint')} were verified\n`;
  } else if (signatures === 'not-verified') {
    yield 'signatures were not verified: the configuration has no key of the log (evidence.keyFile)\n';
  }
}
