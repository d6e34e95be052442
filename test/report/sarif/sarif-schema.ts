import { z } from 'zod';

/**
 * What `renderSarif` writes, to the member: of the official schema (sarif-schema-2.1.0.json) what is
 * used, and nothing beside it. A member that is added is to be looked up there.
 */
const text = z.strictObject({ text: z.string().min(1) });
const index = z.int().min(0);
const level = z.enum(['error', 'warning', 'note']);
const properties = z.record(z.string(), z.unknown());
const instant = z.iso.datetime();

const location = z.strictObject({
  physicalLocation: z.strictObject({
    artifactLocation: z.strictObject({ uri: z.string().regex(/^[^/:\\ ]+(\/[^/:\\ ]+)*$/) }),
    region: z.strictObject({ startLine: z.int().min(1) }),
  }),
  logicalLocations: z
    .array(
      z.strictObject({
        name: z.string(),
        fullyQualifiedName: z.string(),
        kind: z.literal('resource'),
      }),
    )
    .length(1),
});

const rule = z.strictObject({
  id: z.string(),
  name: z.string(),
  shortDescription: text,
  fullDescription: text,
  help: text.extend({ markdown: z.string().min(1) }),
  defaultConfiguration: z.strictObject({ level }),
  properties: z.strictObject({
    'security-severity': z
      .string()
      .regex(/^\d+\.\d$/)
      .optional(),
    severity: z.string(),
    controls: z.array(z.string()),
    tags: z.array(z.string()).max(20),
  }),
});

const suppression = z.strictObject({
  kind: z.literal('external'),
  status: z.literal('accepted'),
  justification: z.string().optional(),
  properties,
});

const result = z.strictObject({
  ruleId: z.string(),
  ruleIndex: index.optional(),
  level,
  message: text,
  locations: z.array(location).length(1),
  partialFingerprints: z.strictObject({
    primaryLocationLineHash: z.string().length(64),
    'keysweepFingerprint/v1': z.string().length(64),
  }),
  suppressions: z.array(suppression),
  properties,
});

const notification = z.strictObject({
  level,
  descriptor: z.strictObject({ id: z.string() }),
  associatedRule: z.strictObject({ id: z.string(), index: index.optional() }).optional(),
  message: text,
  locations: z.array(location).length(1),
});

const run = z.strictObject({
  tool: z.strictObject({
    driver: z.strictObject({
      name: z.literal('keysweep'),
      semanticVersion: z.string(),
      rules: z.array(rule),
    }),
  }),
  automationDetails: z.strictObject({ id: z.string() }),
  columnKind: z.literal('utf16CodeUnits'),
  properties,
  invocations: z
    .array(
      z.strictObject({
        executionSuccessful: z.boolean(),
        startTimeUtc: instant,
        endTimeUtc: instant.optional(),
        toolExecutionNotifications: z.array(notification),
      }),
    )
    .length(1),
  results: z.array(result),
});

export const sarifSchema = z.strictObject({
  $schema: z.url(),
  version: z.literal('2.1.0'),
  runs: z.array(run).length(1),
});
