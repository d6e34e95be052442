/** A server in a container; `stop` removes it. */
export interface ContainerServer {
  readonly url: string;
  stop(): Promise<void>;
}

/**
 * Starts Redis or PostgreSQL in a container. Throws if there is no container engine (at once) or
 * the image is not available. Loads the library late, because it takes more than a second.
 */
export async function startContainer(kind: 'redis' | 'postgres'): Promise<ContainerServer> {
  const { GenericContainer, getContainerRuntimeClient, Wait } = await import('testcontainers');
  await getContainerRuntimeClient();

  const ready = { redis: 'Ready to accept connections', postgres: 'ready to accept connections' };
  const port = { redis: 6379, postgres: 5432 }[kind];
  const container = await new GenericContainer({ redis: 'redis:7', postgres: 'postgres:16' }[kind])
    .withExposedPorts(port)
    .withEnvironment({ POSTGRES_USER: 'keysweep', POSTGRES_HOST_AUTH_METHOD: 'trust' })
    // PostgreSQL's image starts its server twice: once to set it up.
    .withWaitStrategy(Wait.forLogMessage(ready[kind], kind === 'postgres' ? 2 : 1))
    .start();

  const address = `${container.getHost()}:${container.getMappedPort(port)}`;
  const url = { redis: `redis://${address}`, postgres: `postgres://keysweep@${address}/keysweep` };
  return { url: url[kind], stop: async () => void (await container.stop()) };
}
