/** Each state has a pattern as well as a colour, for printouts and colour-blind readers. */
export const fills = {
  fail: { class: 'fill-fail' },
  waived: { fill: 'url(#fill-waived)' },
  unknown: { fill: 'url(#fill-unknown)' },
  clear: { class: 'fill-pass' },
} as const;

/** The pattern definitions that the bars refer to. */
export function Patterns() {
  return (
    <svg class="hidden" aria-hidden="true" focusable="false">
      <defs>
        <pattern id="fill-waived" width="6" height="6" patternUnits="userSpaceOnUse">
          <rect width="6" height="6" class="fill-waived" />
          <path d="M-1 7 L7 -1 M-1 1 L1 -1 M5 7 L7 5" class="line-waived" stroke-width="1.6" />
        </pattern>
        <pattern id="fill-unknown" width="5" height="5" patternUnits="userSpaceOnUse">
          <rect width="5" height="5" class="fill-unknown" />
          <circle cx="2.5" cy="2.5" r="1.3" class="dot-unknown" />
        </pattern>
      </defs>
    </svg>
  );
}
