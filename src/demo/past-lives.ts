import type { FleetKey } from '../sandbox/fleet-key.ts';

/** Both ends are relative to the demo's start, such as `-33d`; without `from`, since ever. */
interface Span {
  readonly from?: string;
  readonly until: string;
}

/** How a key's past differs from its present in the sample fleet. */
export interface PastLife {
  /** What the vendor said otherwise; the first span that holds the instant counts. */
  readonly was?: readonly (Span & { readonly fields: Omit<FleetKey, 'id'> })[];
  /** Spans in which nobody used it. */
  readonly idle?: readonly Span[];
  /** Who ended the finding of an event, when and why. */
  readonly acknowledged?: {
    readonly rule: string;
    readonly at: string;
    readonly by: string;
    readonly reason: string;
  };
}

const reads = ['customers:read', 'charges:read'];

/**
 * The keys that had another life than the sample fleet shows. All others were always as they are,
 * and grow older, and stale where they are not used any more. Facts that tonight's rules compare
 * with the past end as they are now, so that a first sweep without a past finds the same.
 */
export const pastLives: Readonly<Record<string, PastLife>> = {
  // Mended.
  key_ledger_import: {
    was: [{ until: '-33d', fields: { scopes: ['charges:read', 'charges:write'] } }],
  },
  key_finance_export: { idle: [{ from: '-71d', until: '-20d' }] },
  key_subscriptions: { idle: [{ until: '-45d' }] },
  // Mended, but not for long.
  key_gift_cards: {
    was: [
      { from: '-52d', until: '-44d', fields: { scopes: ['charges:read', 'refunds:write'] } },
      { from: '-30d', until: '-26d', fields: { scopes: ['charges:read', 'refunds:write'] } },
    ],
  },
  // Woke up after more than two months.
  key_legacy_pos: {
    idle: [{ from: '-105d', until: '-18d' }],
    acknowledged: {
      rule: 'woke-up',
      at: '-15d',
      by: 'carol (payments)',
      reason: 'the till of the winter market, in use until spring',
    },
  },
  // Drifted.
  key_drifted: { was: [{ until: '-9d', fields: { scopes: reads } }] },
  key_crm_bridge: { was: [{ until: '-21d', fields: { scopes: ['customers:read'] } }] },
  key_admin_console: { was: [{ until: '-30d', fields: { scopes: reads } }] },
  // Gone.
  key_old_gateway: {
    was: [
      {
        until: '-27d',
        fields: {
          name: 'Old gateway',
          type: 'secret',
          scopes: ['charges:read'],
          createdOn: '-510d',
          lastUsed: '-31d',
          lastFour: '0d6a',
        },
      },
    ],
  },
  // Unreadable or failing since a few days only.
  key_no_type: { was: [{ until: '-4d', fields: { type: 'secret' } }] },
  key_odd_dates: {
    was: [{ until: '-3d', fields: { createdOn: '-58d', lastUsed: '-4d' } }],
  },
  key_always_fails: { was: [{ until: '-5d', fields: { fault: undefined } }] },
};
