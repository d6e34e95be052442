import { z } from 'zod';
import { id } from '../../evaluate/policy/id.ts';
import { plainText } from '../../evaluate/policy/plain-text.ts';
import { wrongBaseUrl } from '../../options/address.ts';
import { checked, secret } from '../../options/checked.ts';
import { callerRoles } from '../../options/roles.ts';
import { wrongHost, wrongNetwork } from './http-addresses.ts';

/** What a header can carry. */
const token = secret
  .min(8, 'must have at least 8 characters')
  .max(512, 'must have at most 512 characters')
  .regex(/^[\x21-\x7e]*$/, 'must be printable ASCII without spaces');

const tokenEntry = z.strictObject({
  name: id,
  token: token.optional(),
  tokenSha256: z
    .string()
    .regex(/^[0-9a-fA-F]{64}$/, 'must be 64 hexadecimal digits')
    .optional(),
  role: z.enum(callerRoles),
});

const values = z.array(plainText(500)).min(1, 'must hold at least one').max(1_000).default([]);

const oidc = z.strictObject({
  issuer: checked(wrongBaseUrl),
  clientId: plainText(500),
  clientSecret: secret,
  roles: z.strictObject({
    claim: plainText(200),
    operator: values,
    auditor: values,
    viewer: values,
  }),
});

/** See `docs/operations.md`: Who may ask. */
export const httpSchema = z.strictObject({
  host: checked(wrongHost).default('127.0.0.1'),
  port: z.int().min(0).max(65_535).default(8_080),
  publicUrl: checked(wrongBaseUrl).optional(),
  tokens: z.array(tokenEntry).min(1, 'must hold at least one').max(100).optional(),
  tokenFile: plainText(4_096).optional(),
  open: z.boolean().default(false),
  hosts: z.array(checked(wrongHost)).max(100).default([]),
  trustedProxies: z.array(checked(wrongNetwork)).max(100).default([]),
  oidc: oidc.optional(),
  queueBoard: z.boolean().default(false),
});

export type HttpFile = z.output<typeof httpSchema>;
