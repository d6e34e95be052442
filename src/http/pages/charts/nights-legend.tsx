import { fills } from '../../../report/html/patterns.tsx';

const verdicts = [
  { fill: fills.fail, words: 'fail' },
  { fill: fills.unknown, words: 'unknown' },
  { fill: fills.waived, words: 'waived' },
  { fill: fills.clear, words: 'pass' },
];

const marks = [
  { state: 'incomplete', words: 'incomplete night' },
  { state: 'missed', words: 'missed' },
  { state: 'skipped', words: 'skipped' },
];

/** What the fills of `NightsArea` and the marks below it mean. */
export function NightsLegend() {
  return (
    <ul class="legend" aria-hidden="true">
      {verdicts.map(({ fill, words }) => (
        <li>
          <svg width="22" height="12" aria-hidden="true">
            <rect x="0.5" y="0.5" width="21" height="11" {...fill} />
            <rect x="0.5" y="0.5" width="21" height="11" class="edge" />
          </svg>
          {words}
        </li>
      ))}
      {marks.map(({ state, words }) => (
        <li>
          <svg width="12" height="12" aria-hidden="true">
            <rect y="3" width="12" height="6" class={`mark-${state}`} />
          </svg>
          {words}
        </li>
      ))}
    </ul>
  );
}
