import type Docker from 'dockerode';
import type { Role } from '../../../src/contracts/words/nodes.js';
import { connectDocker } from '../../../src/engine/docker/connection.js';
import type { Lab } from '../../../src/engine/port/port.js';

/** A client of the engine that a lab is on. */
export function dockerOf({ connection }: Lab): Promise<Docker> {
  return connectDocker(connection);
}

/** The image of a lab's nodes of this role. */
export async function imageOf(docker: Docker, { nodes }: Lab, role: Role): Promise<string> {
  const node = nodes.find((one) => one.role === role);
  if (node === undefined) throw new Error(`no ${role}`);
  return (await docker.getContainer(node.shape.container).inspect()).Image;
}
