import type Docker from 'dockerode';
import { LabError } from '../../support/errors.js';
import type { NodePlan } from '../../scenario/types.js';
import type { ExecResult, Node, RunningCommand } from '../port.js';
import { runExec, startExec } from './exec.js';
import { NodeContainer, type NodeRequest } from './nodeContainer.js';

/** A started container of a lab. */
export class DockerNode implements Node {
  private constructor(
    private readonly docker: Docker,
    readonly plan: NodePlan,
    readonly mac: string,
  ) {}

  get role(): NodePlan['role'] {
    return this.plan.role;
  }

  /** Creates and starts the node's container; rejects with what it logged when its main process ended at once. */
  static async start(docker: Docker, request: NodeRequest): Promise<DockerNode> {
    const { image, plan, node } = request;
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
    const inspected = await docker.getContainer(node.container).inspect();
    const mac = inspected.NetworkSettings.Networks[plan.network.name]?.MacAddress;
    if (!mac) throw new LabError(`${node.container} has no interface on ${plan.network.name}`);
    return new DockerNode(docker, node, mac.toLowerCase());
  }

  exec(argv: readonly string[], options: { readonly seconds: number }): Promise<ExecResult> {
    return runExec(this.docker, this.plan.container, argv, options);
  }

  start(argv: readonly string[]): Promise<RunningCommand> {
    return startExec(this.docker, this.plan.container, argv);
  }
}
