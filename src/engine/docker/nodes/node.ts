import type Docker from 'dockerode';
import { LabError } from '../../../support/errors.js';
import type { LabShape, NodeShape } from '../../../scenario/model/planTypes.js';
import type { Pace } from '../../../support/patience.js';
import type { ExecOptions, ExecResult, Node, RunningCommand } from '../../port/port.js';
import { startExec } from './containerExec.js';
import { dockerExecs, type OpenExec } from './execStream.js';
import { NodeContainer, type NodeRequest } from './nodeContainer.js';
import { NodeShell } from './nodeShell.js';

/** How commands in containers are reached. */
interface NodeAccess {
  readonly docker: Docker;
  readonly open: OpenExec;
  readonly pace: Pace;
}

/** A started container of a lab. */
export class DockerNode implements Node {
  readonly #shell: NodeShell;

  /** A node whose container is running. */
  constructor(
    private readonly access: NodeAccess,
    readonly shape: NodeShape,
    readonly macs: readonly string[],
    /** What it printed of its versions, where it has been asked before. */
    private readonly knownVersions?: ExecResult,
  ) {
    this.#shell = new NodeShell(access, shape.container);
  }

  get pace(): Pace {
    return this.access.pace;
  }

  get role(): NodeShape['role'] {
    return this.shape.role;
  }

  /** Creates and starts the node's container; rejects with what it logged when its main process ended at once. */
  static async start(docker: Docker, pace: Pace, request: NodeRequest): Promise<DockerNode> {
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
    const access = { docker, pace, open: dockerExecs(docker) };
    return new DockerNode(access, node, await macsOf(docker, node, networks));
  }

  exec(argv: readonly string[], options: ExecOptions): Promise<ExecResult> {
    return this.#shell.run(argv, options);
  }

  async versions(seconds: number): Promise<ExecResult> {
    return this.knownVersions ?? this.exec(['bash', '/lab/versions.sh'], { seconds });
  }

  start(argv: readonly string[], { stdin } = { stdin: false }): Promise<RunningCommand> {
    return startExec(this.access.docker, this.access.open, { container: this.shape.container, argv, stdin });
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
