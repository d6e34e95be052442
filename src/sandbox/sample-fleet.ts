import type { FleetKey } from './fleet-key.ts';

const payments = 'd9d0b5fd-9433-44d3-8051-63fee28768e8';
const storefront = 'ffae80fd-2b8e-487a-94c3-87503a0c71bb';
const backOffice = '3f6c1a52-0b7e-4c83-9d1f-5be2a7c94e10';

const reads = ['customers:read', 'charges:read'];
const charges = ['charges:read'];
const customers = ['customers:read'];
const chargesFull = ['charges:read', 'charges:write'];
const none: string[] = [];

type Row = readonly [
  id: string,
  name: string,
  lastFour: string,
  type: string,
  scopes: string[],
  createdOn: string,
  lastUsed: string | null,
  mid: string,
];

const rows: readonly Row[] = [
  // In order: young, in use, reading only.
  ['key_checkout_api', 'Checkout API', '9bc0', 'secret', reads, '-12d', '-2m', payments],
  ['key_checkout_worker', 'Checkout worker', '7ddd', 'secret', charges, '-12d', '-4m', payments],
  ['key_capture_job', 'Capture job', 'dc0a', 'secret', charges, '-33d', '-1h', payments],
  [
    'key_settlement_reader',
    'Settlement reader',
    '765c',
    'secret',
    charges,
    '-60d',
    '-9h',
    payments,
  ],
  ['key_dispute_sync', 'Dispute sync', '9dc3', 'secret', reads, '-41d', '-3h', payments],
  ['key_risk_scoring', 'Risk scoring', 'cbde', 'secret', reads, '-20d', '-30s', payments],
  ['key_ledger_import', 'Ledger import', '43e7', 'secret', charges, '-74d', '-1d', payments],
  ['key_receipts_mailer', 'Receipts mailer', 'b05c', 'secret', customers, '-55d', '-6h', payments],
  ['key_orders_api', 'Orders API', '0eac', 'secret', reads, '-8d', '-1m', storefront],
  ['key_orders_sync', 'Orders sync', '8bb2', 'secret', charges, '-29d', '-15m', storefront],
  ['key_loyalty_points', 'Loyalty points', '51ad', 'secret', customers, '-47d', '-2h', storefront],
  ['key_subscriptions', 'Subscriptions', '9800', 'secret', reads, '-66d', '-20m', storefront],
  ['key_gift_cards', 'Gift cards', '080b', 'secret', charges, '-88d', '-5d', storefront],
  ['key_mobile_backend', 'Mobile backend', '4852', 'secret', reads, '-16d', '-45s', storefront],
  ['key_fraud_review', 'Fraud review desk', '9d25', 'secret', reads, '-38d', '-7h', backOffice],
  [
    'key_support_console',
    'Support console',
    '9151',
    'secret',
    customers,
    '-52d',
    '-25m',
    backOffice,
  ],
  ['key_finance_export', 'Finance export', '2a9c', 'secret', charges, '-81d', '-1d', backOffice],
  ['key_bi_warehouse', 'BI warehouse', '40d9', 'secret', reads, '-69d', '-11h', backOffice],
  ['key_audit_extract', 'Audit extract', '7d64', 'secret', reads, '-30d', '-6d', backOffice],
  ['key_tax_reports', 'Tax reports', '13bf', 'secret', charges, '-45d', '-19d', backOffice],
  ['key_refund_desk', 'Refund desk', '9a62', 'secret', charges, '-27d', '-8h', backOffice],
  ['key_status_probe', 'Status page probe', 'fff1', 'secret', charges, '-5d', '-10s', backOffice],
  // In order, but close to a limit: a day more and a rule is broken.
  ['key_quarter_close', 'Quarter close', '734e', 'secret', charges, '-75d', '-44d', backOffice],
  ['key_rotation_due', 'Invoice printer', 'b0aa', 'secret', charges, '-89d', '-2d', payments],
  [
    'key_new_partner',
    'New partner (go-live soon)',
    '1624',
    'secret',
    reads,
    '-13d',
    null,
    storefront,
  ],
  // For browsers and apps: anybody can see them, so they should have no scopes.
  ['key_web_tokens', 'Web card tokens', '3d21', 'tokenization', none, '-40d', '-5s', storefront],
  ['key_ios_tokens', 'iOS card tokens', 'b67c', 'tokenization', none, '-36d', '-20s', storefront],
  [
    'key_android_tokens',
    'Android card tokens',
    'df1b',
    'tokenization',
    none,
    '-36d',
    '-12s',
    storefront,
  ],
  ['key_web_public', 'Web checkout', '9989', 'public', none, '-40d', '-3s', storefront],
  ['key_kiosk_public', 'Kiosk checkout', 'af2b', 'public', none, '-19d', '-2h', storefront],
  ['key_pos_public', 'Till in the shop', '6395', 'public', none, '-62d', '-1h', payments],
  // Stale: not used for a long time.
  [
    'key_black_friday',
    'Black Friday load test',
    '6b47',
    'secret',
    charges,
    '-72d',
    '-61d',
    storefront,
  ],
  ['key_old_erp', 'Old ERP connector', '09ff', 'secret', reads, '-84d', '-46d', backOffice],
  [
    'key_intern_script',
    'Script of an intern',
    'a50b',
    'secret',
    customers,
    '-80d',
    '-79d',
    backOffice,
  ],
  ['key_migration_2', 'Migration, second run', '07db', 'secret', reads, '-70d', '-58d', payments],
  ['key_pilot_kiosk', 'Kiosk pilot', '7842', 'public', none, '-77d', '-50d', storefront],
  // Never used.
  ['key_spare_checkout', 'Checkout, spare', 'bc5e', 'secret', reads, '-64d', null, payments],
  ['key_spare_orders', 'Orders, spare', 'c35a', 'secret', charges, '-35d', null, storefront],
  ['key_vendor_trial', 'Trial of a vendor', 'ca8f', 'secret', customers, '-15d', null, backOffice],
  ['key_just_made', 'Made this morning', '8c30', 'secret', charges, '-5h', null, payments],
  // Too old.
  ['key_first_ever', 'First key', '1f1c', 'secret', charges, '-1460d', '-1h', payments],
  ['key_legacy_pos', 'Legacy POS', '3cef', 'secret', charges, '-730d', '-3d', payments],
  ['key_nightly_backup', 'Nightly backup', '9684', 'secret', reads, '-400d', '-9h', backOffice],
  ['key_just_overdue', 'Just overdue', 'bab0', 'secret', charges, '-91d', '-4h', storefront],
  ['key_forgotten', 'Forgotten', 'b1d4', 'secret', charges, '-900d', '-600d', payments],
  // Over-scoped.
  [
    'key_admin_console',
    'Admin console',
    'ce7d',
    'secret',
    ['customers:read', 'customers:write', 'charges:*', 'refunds:write'],
    '-48d',
    '-1h',
    backOffice,
  ],
  ['key_batch_refunds', 'Batch refunds', '7bd1', 'secret', chargesFull, '-26d', '-12h', payments],
  ['key_everything', 'Do everything', '6fea', 'secret', ['*'], '-22d', '-2d', payments],
  [
    'key_crm_bridge',
    'CRM bridge',
    '7e37',
    'secret',
    ['customers:read', 'customers:write'],
    '-39d',
    '-40m',
    backOffice,
  ],
  ['key_public_writes', 'Landing page', '7cb8', 'public', chargesFull, '-31d', '-1m', storefront],
  [
    'key_tokens_reads',
    'Partner card tokens',
    'b1ec',
    'tokenization',
    customers,
    '-24d',
    '-30m',
    storefront,
  ],
  [
    'key_drifted',
    'Reporting (grown since)',
    'bb1f',
    'secret',
    ['customers:read', 'charges:read', 'payouts:read'],
    '-50d',
    '-5h',
    backOffice,
  ],
];

const oddOnes: readonly FleetKey[] = [
  // Not readable, or failing.
  {
    id: 'key_no_type',
    name: 'Type left out',
    scopes: charges,
    createdOn: '-18d',
    lastUsed: '-2h',
    lastFour: '51c0',
    mid: payments,
  },
  {
    id: 'key_odd_dates',
    name: 'Odd dates',
    type: 'secret',
    scopes: charges,
    createdOn: '2026-02-30T00:00:00Z',
    lastUsed: 'last Tuesday',
    lastFour: 'b7d2',
    mid: backOffice,
  },
  {
    id: 'key_always_fails',
    name: 'Answers 500',
    type: 'secret',
    scopes: charges,
    createdOn: '-21d',
    lastUsed: '-1d',
    lastFour: '09af',
    mid: backOffice,
    fault: '500',
  },
  // Missing, with the FAILED body; other missing keys that are tracked get the 404.
  { id: 'key_revoked_in_may', fault: 'missing-failed' },
];

/**
 * A fleet that a mid-sized merchant could have. Dates are relative to the start of the sandbox. The
 * matching inventory is config/keys.csv, which also tracks keys that are not here.
 */
export const sampleFleet: readonly FleetKey[] = [
  ...rows.map(([id, name, lastFour, type, scopes, createdOn, lastUsed, mid]) => {
    return { id, name, type, scopes, createdOn, lastUsed, lastFour, mid };
  }),
  ...oddOnes,
];
