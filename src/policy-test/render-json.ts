import type { CaseResult, TestResult } from './case-result.ts';
import { countCases } from './count-cases.ts';

/** Renders a policy test as one JSON object, one case per line. */
export async function* renderPolicyTestJson(result: TestResult): AsyncIterable<string> {
  const totals = countCases(result);
  yield `{"schema":"keysweep.policy-test/1","totals":${JSON.stringify(totals)},\n"files":[`;
  let first = true;
  for (const { file, policy, cases } of result.files) {
    yield `${first ? '' : ','}\n{"file":${JSON.stringify(file)},"policy":${JSON.stringify(policy)},"cases":[\n`;
    yield cases.map((one) => JSON.stringify(toJson(one))).join(',\n');
    yield '\n]}';
    first = false;
  }
  yield `\n],\n"policies":${JSON.stringify(result.policies)}}\n`;
}

function toJson({ name, rule, line, column, expected, actual, differences }: CaseResult) {
  const passed = differences.length === 0;
  return { name, rule, line, column, passed, expected, actual, differences };
}
