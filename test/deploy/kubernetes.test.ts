import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Deployment } from 'kubernetes-models/apps/v1';
import { Job } from 'kubernetes-models/batch/v1';
import { NetworkPolicy } from 'kubernetes-models/networking.k8s.io/v1';
import { PodDisruptionBudget } from 'kubernetes-models/policy/v1';
import { Namespace, Service, ServiceAccount } from 'kubernetes-models/v1';
import { expect, onTestFinished, test } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { readConfig } from '../../src/config/read-config.ts';

const folder = fileURLToPath(new URL('../../deploy/kubernetes/', import.meta.url));
const read = (file: string) => readFileSync(`${folder}${file}`, 'utf8');

const kinds = {
  Deployment,
  Job,
  Namespace,
  NetworkPolicy,
  PodDisruptionBudget,
  Service,
  ServiceAccount,
};

interface Resource {
  readonly kind: keyof typeof kinds;
  readonly apiVersion: string;
  readonly metadata: { readonly name: string };
}

const kustomization = parse(read('kustomization.yaml')) as {
  readonly resources: readonly string[];
  readonly configMapGenerator: readonly { readonly name: string; readonly files: string[] }[];
};

const resources = kustomization.resources.flatMap((file) =>
  parseAllDocuments(read(file)).map((document) => document.toJS() as Resource),
);

const workloads = resources.flatMap((resource) =>
  resource.kind === 'Deployment' ? [new Deployment(resource as never)] : [],
);
const jobs = resources.flatMap((resource) =>
  resource.kind === 'Job' ? [new Job(resource as never)] : [],
);
const pods = [...workloads, ...jobs].map((owner) => ({
  name: owner.metadata?.name ?? '',
  labels: owner.spec?.template.metadata?.labels ?? {},
  spec: owner.spec?.template.spec,
}));

test('kustomize takes every manifest of the folder', () => {
  const files = readdirSync(folder).filter((file) => file.endsWith('.yaml'));
  expect([...kustomization.resources, 'kustomization.yaml'].sort()).toEqual(files.sort());
});

test.each(resources.map((one) => [`${one.kind} ${one.metadata.name}`, one] as const))(
  '%s satisfies the schema of the Kubernetes API',
  (_name, resource) => {
    const Kind = kinds[resource.kind];
    const model = new Kind(resource as never);
    expect(model.apiVersion).toBe(resource.apiVersion);
    expect(() => model.validate()).not.toThrow();
  },
);

test('a manifest with a value of a wrong type does not satisfy the schema', () => {
  const [worker] = resources.filter(({ kind }) => kind === 'Deployment');
  const broken = structuredClone(worker) as unknown as { spec: { replicas: unknown } };
  broken.spec.replicas = 'two';
  expect(() => new Deployment(broken as never).validate()).toThrow('replicas must be integer');
});

test.each(pods)('the pod of $name runs with the least rights', ({ spec }) => {
  expect(spec).toMatchObject({
    serviceAccountName: 'keysweep',
    automountServiceAccountToken: false,
    securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
  });
  for (const container of spec?.containers ?? []) {
    expect(container.securityContext).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    });
    expect(container.resources?.limits?.memory).toBeDefined();
  }
});

test('each Deployment is asked about its own life and its readiness', () => {
  for (const { spec } of workloads) {
    const [container] = spec?.template.spec?.containers ?? [];
    expect(container?.livenessProbe?.httpGet?.path).toBe('/healthz');
    expect(container?.startupProbe?.httpGet?.path).toBe('/healthz');
    expect(container?.readinessProbe?.httpGet?.path).toBe('/readyz');
    expect(spec?.template.metadata?.labels).toMatchObject(
      spec?.selector.matchLabels ?? { none: '' },
    );
  }
});

test('the Service and the policies select pods that exist', () => {
  const selectors = resources.flatMap((resource) => {
    if (resource.kind === 'Service') return [new Service(resource as never).spec?.selector];
    if (resource.kind !== 'NetworkPolicy') return [];
    return [new NetworkPolicy(resource as never).spec?.podSelector?.matchLabels];
  });
  expect(selectors).toHaveLength(3);
  for (const selector of selectors) {
    // Kustomize gives every pod the labels of the kustomization.
    const all = pods.map(({ labels }) => ({ 'app.kubernetes.io/name': 'keysweep', ...labels }));
    expect(all).toContainEqual(expect.objectContaining(selector as object));
  }
});

test('each file of the configuration is in a ConfigMap that the pods mount', () => {
  const files = kustomization.configMapGenerator.flatMap((map) => map.files);
  expect(files.sort()).toEqual(
    readdirSync(`${folder}config`)
      .map((file) => `config/${file}`)
      .sort(),
  );
  const names = kustomization.configMapGenerator.map(({ name }) => name).sort();
  for (const { spec } of pods) {
    const config = spec?.volumes?.find(({ name }) => name === 'config');
    const mounted = config?.projected?.sources?.map(({ configMap }) => configMap?.name);
    expect(mounted?.sort()).toEqual(names);
  }
});

test('the configuration is valid with the files of the Secret that the page makes', async () => {
  const own = mkdtempSync(join(tmpdir(), 'keysweep-kubernetes-'));
  onTestFinished(() => rmSync(own, { recursive: true }));
  cpSync(`${folder}config`, own, { recursive: true });
  const secrets = {
    'database-url': 'postgres://keysweep:word@db.example/keysweep?sslmode=require',
    'redis-url': 'rediss://redis.example:6379',
    'app-key': 'key',
    'app-secret': 'word',
    'slack-url': 'https://hooks.slack.com/services/T/B/word',
    'operator-token': 'a-token-of-some-length',
  };
  for (const [name, value] of Object.entries(secrets)) {
    expect(read('README.md')).toContain(`--from-file=${name}`);
    writeFileSync(join(own, name), `${value}\n`);
  }
  const path = join(own, 'keysweep.yaml');
  writeFileSync(path, readFileSync(path, 'utf8').replaceAll('/run/secrets/keysweep', own));
  expect(await readConfig({ path, env: {}, cwd: own })).toMatchObject({
    ok: true,
    config: { store: { kind: 'postgres' }, http: { host: '0.0.0.0', port: 8080 } },
  });
});
