import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type Docker from 'dockerode';
import { packageRoot } from '../../support/packageRoot.js';
import { ownerLabel, ownerTag } from '../lifetime/owner.js';
import type { KernelRequest, RunningCommand } from '../port/port.js';
import { startExec } from './nodes/containerExec.js';
import { dockerExecs } from './nodes/execStream.js';
import { runLabel } from './remove.js';

const tracefs = '/tracefs';

/**
 * Starts lab/probes/kernel.sh in a container of its own. The engine mounts tracefs in it, so the container needs no capability, and the engine's
 * machine no mount. `image` is a director's.
 */
export async function followKernel(
  docker: Docker,
  image: string,
  runId: string,
  { seconds, protocol, functions }: KernelRequest,
): Promise<RunningCommand> {
  const script = await readFile(path.join(packageRoot, 'lab', 'probes', 'kernel.sh'), 'utf8');
  const container = await docker.createContainer({
    name: `lvs-lab-${runId}-kernel`,
    Image: image,
    Labels: { [runLabel]: runId, [ownerLabel]: await ownerTag() },
    HostConfig: {
      NetworkMode: 'host',
      CapDrop: ['ALL'],
      Mounts: [
        {
          Type: 'volume',
          Source: '',
          Target: tracefs,
          VolumeOptions: {
            NoCopy: true,
            Labels: {},
            DriverConfig: { Name: 'local', Options: { type: 'tracefs', device: 'tracefs' } },
          },
        },
      ],
    },
  });
  await container.start();
  return startExec(docker, dockerExecs(docker), {
    container: container.id,
    argv: ['bash', '-c', script, 'kernel.sh', tracefs, String(seconds), protocol, ...functions],
    stdin: true,
  });
}
