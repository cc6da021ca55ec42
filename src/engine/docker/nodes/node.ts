import type Docker from 'dockerode';
import { LabError } from '../../../support/errors.js';
import type { LabShape, NodeShape } from '../../../scenario/model/planTypes.js';
import type { ExecOptions, ExecResult, Node, RunningCommand } from '../../port/port.js';
import { startExec } from './containerExec.js';
import { NodeContainer, type NodeRequest } from './nodeContainer.js';
import { NodeShell } from './nodeShell.js';

/** A started container of a lab. */
export class DockerNode implements Node {
  readonly #shell: NodeShell;

  private constructor(
    private readonly docker: Docker,
    readonly shape: NodeShape,
    readonly macs: readonly string[],
  ) {
    this.#shell = new NodeShell(docker, shape.container);
  }

  get role(): NodeShape['role'] {
    return this.shape.role;
  }

  /** Creates and starts the node's container; rejects with what it logged when its main process ended at once. */
  static async start(docker: Docker, request: NodeRequest): Promise<DockerNode> {
    const { image, node, networks } = request;
    try {
      await new NodeContainer(request).start();
    } catch (error) {
      const logs = await docker
        .getContainer(node.container)
        .logs({ stdout: true, stderr: true, tail: 20 })
        .then(
          (buffer) => buffer.toString('utf8'),
          () => '',
        );
      throw new LabError(`could not start the ${node.role} ${node.container} from ${image}`, {
        ...(logs === '' ? {} : { details: logs }),
        cause: error,
      });
    }
    // One after the other: the engine numbers a container's interfaces as they come.
    for (const { network, address } of node.interfaces.slice(1)) {
      await docker.getNetwork(nameOf(networks, network)).connect({
        Container: node.container,
        EndpointConfig: { IPAMConfig: { IPv4Address: address } },
      });
    }
    return new DockerNode(docker, node, await macsOf(docker, node, networks));
  }

  exec(argv: readonly string[], options: ExecOptions): Promise<ExecResult> {
    return this.#shell.run(argv, options);
  }

  start(argv: readonly string[], options?: { readonly stdin: boolean }): Promise<RunningCommand> {
    return startExec(this.docker, this.shape.container, argv, options);
  }
}

async function macsOf(docker: Docker, node: NodeShape, networks: LabShape['networks']): Promise<string[]> {
  const { NetworkSettings: settings } = await docker.getContainer(node.container).inspect();
  return node.interfaces.map(({ network }) => {
    const name = nameOf(networks, network);
    const mac = settings.Networks[name]?.MacAddress;
    if (!mac) throw new LabError(`${node.container} has no interface on ${name}`);
    return mac.toLowerCase();
  });
}

function nameOf(networks: LabShape['networks'], network: string): string {
  const found = networks.find((one) => one.network === network);
  if (found === undefined) throw new RangeError(`the lab has no network ${network}`);
  return found.name;
}
