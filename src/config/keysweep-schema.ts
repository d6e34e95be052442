import { z } from 'zod';
import { heartbeatStyles } from '../alert/alerts-config.ts';
import { channelSchema } from '../alert/channels/channel-schema.ts';
import { mailAddress } from '../alert/channels/email/mail-address.ts';
import { duration } from '../evaluate/policy/duration.ts';
import { id } from '../evaluate/policy/id.ts';
import { matchParts } from '../evaluate/policy/match-schema.ts';
import { plainText } from '../evaluate/policy/plain-text.ts';
import { severities } from '../evaluate/policy/policy.ts';
import { checked, secret, webUrl } from '../options/checked.ts';
import { sourceSchema } from '../sources/source-schema.ts';
import { wrongHostPort, wrongRedisUrl, wrongStoreUrl } from './addresses.ts';
import { wrongCron, wrongTimeZone } from './cron.ts';
import { evidenceSchema } from './evidence/evidence-schema.ts';
import { httpSchema } from './http/http-schema.ts';
import { reviewLinksSchema, reviewsSchema } from './reviews/reviews-schema.ts';

const fileName = plainText(4_096);

const pem = secret.regex(/-----BEGIN [A-Z ]+-----/, 'must be in PEM: -----BEGIN …');

const redisLogin = {
  username: plainText(200).optional(),
  password: secret.optional(),
  tls: z.boolean().default(false),
};
const hostPorts = z.array(checked(wrongHostPort)).min(1, 'must name at least one').max(100);

/** In PEM. They switch TLS on, whatever the URL says. */
const redisTls = z
  .strictObject({ ca: pem.optional(), cert: pem.optional(), key: pem.optional() })
  .refine(({ cert, key }) => (cert === undefined) === (key === undefined), {
    error: 'must hold both cert and key, or neither',
  });

const store = z.strictObject({
  url: checked(wrongStoreUrl).optional(),
  connections: z.int().min(1).max(1_000).optional(),
});

const worker = z.strictObject({
  processes: z
    .union(
      [z.int().min(1).max(64), z.literal('auto')],
      'must be a whole number from 1 to 64, or auto',
    )
    .default(1),
});

const queue = z.strictObject({
  url: checked(wrongRedisUrl).optional(),
  prefix: z
    .string()
    .regex(/^\{?[A-Za-z0-9._-]{1,100}\}?$/, 'must be letters, digits, dots, underscores, hyphens')
    .default('keysweep'),
  sentinel: z
    .strictObject({
      name: plainText(200),
      hosts: hostPorts,
      ...redisLogin,
      sentinelPassword: secret.optional(),
    })
    .optional(),
  cluster: z.strictObject({ nodes: hostPorts, ...redisLogin }).optional(),
  tls: redisTls.optional(),
});

const schedule = z.strictObject({
  id,
  cron: checked(wrongCron),
  timezone: checked(wrongTimeZone).default('UTC'),
  catchUp: duration.default(12 * 3_600_000),
  overlap: z.enum(['skip', 'queue']).default('skip'),
  deadline: duration.default(8 * 3_600_000),
});

/** A URL alone is called in the style of Healthchecks.io. */
const heartbeat = z.union(
  [webUrl, z.strictObject({ url: webUrl, style: z.enum(heartbeatStyles).default('healthchecks') })],
  'must be a URL, or a mapping with url and style',
);

const owner = z.strictObject({
  channels: z.array(id).min(1, 'must name at least one channel').max(100).optional(),
  email: mailAddress.optional(),
});

/** `30%`, as a share from 0 to 1. */
const share = z
  .string('must be a share such as 30%')
  .regex(/^(100|[1-9]?\d(\.\d{1,3})?)%$/, 'must be a share such as 30%')
  .transform((text) => Number.parseFloat(text) / 100);

const route = z.strictObject({
  match: z
    .strictObject({
      ...matchParts,
      severity: z.array(z.enum(severities)).min(1, 'must name at least one').optional(),
    })
    .optional(),
  channels: z.array(id).min(1, 'must name at least one channel').max(100),
});

const alerts = z.strictObject({
  channels: z.array(channelSchema).max(100).default([]),
  routes: z.array(route).max(1_000).default([]),
  remindAfter: duration.optional(),
  anomaly: z
    .strictObject({
      changed: share,
      atLeast: z.int().min(1).max(1_000_000).default(20),
    })
    .optional(),
  allowPrivateNetworks: z.boolean().default(false),
});

const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;

/** keysweep.yaml, after variables and files were put in. Durations become milliseconds. */
export const keysweepSchema = z.strictObject({
  store: store.optional(),
  queue: queue.optional(),
  worker: worker.prefault({}),
  sources: z.array(sourceSchema).min(1, 'must hold at least one source').max(1_000),
  inventory: z
    .array(z.strictObject({ file: fileName }))
    .min(1, 'must hold at least one file')
    .max(1_000),
  policy: fileName,
  /** `signed-in`: a waiver counts only once its approvers have signed in and approved it. */
  approvals: z.literal('signed-in', 'must be signed-in').optional(),
  schedules: z.array(schedule).max(1_000).default([]),
  alerts: alerts.prefault({}),
  heartbeat: z.record(id, heartbeat).default({}),
  owners: z.record(plainText(500), owner).default({}),
  http: httpSchema.optional(),
  evidence: evidenceSchema.prefault({}),
  reviews: reviewsSchema,
  reviewLinks: reviewLinksSchema.optional(),
  retention: duration.default(400 * 86_400_000),
  log: z.strictObject({ level: z.enum(logLevels).default('info') }).prefault({}),
});

export type KeysweepFile = z.output<typeof keysweepSchema>;
