import { inject } from 'vitest';
import { connectDocker } from '../../../src/engine/docker/connection.js';
import { DockerEngine } from '../../../src/engine/docker/engine.js';
import { bindAndIdentify } from '../../../src/engine/docker/identity.js';

/** The VM that all integration tests share, as an engine of this test file's process. Closing it leaves the VM alone. */
export async function sharedEngine(): Promise<DockerEngine> {
  const { connection, images, identity } = inject('engine');
  const docker = await connectDocker(connection);
  await bindAndIdentify(docker, connection);
  return new DockerEngine({
    docker,
    connection,
    images,
    identity,
    lost: new Promise<never>(() => undefined),
    discardsLabs: false,
    close: () => Promise.resolve(),
  });
}
