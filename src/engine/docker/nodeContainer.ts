import type Docker from 'dockerode';
import { GenericContainer, StartupCheckStrategy, type StartupStatus } from 'testcontainers';
import type { NodePlan, Plan } from '../../scenario/types.js';

/** A file put into the container before it starts. */
export interface NodeFile {
  readonly target: string;
  readonly content: string;
}

export interface NodeRequest {
  readonly image: string;
  readonly plan: Plan;
  readonly node: NodePlan;
  /** Beside the plan's own. */
  readonly labels: Readonly<Record<string, string>>;
  readonly files: readonly NodeFile[];
}

/**
 * One container class for client, director and realserver. testcontainers has no words for a static address or sysctls, so
 * this sets them where it keeps what it sends to the engine.
 */
export class NodeContainer extends GenericContainer {
  constructor({ image, plan, node, labels, files }: NodeRequest) {
    super(image);
    this.withName(node.container)
      .withHostname(node.name)
      .withLabels({ ...plan.labels, ...labels, 'lvs-lab.node': node.name })
      .withEnvironment({ ...node.environment })
      .withDroppedCapabilities('ALL')
      .withAddedCapabilities(...node.capabilities)
      .withCopyContentToContainer(files.map((file) => ({ ...file, mode: 0o755 })))
      .withNetworkMode(plan.network.name)
      .withWaitStrategy(new StillRunning());
    this.hostConfig.Sysctls = { ...node.sysctls };
    this.createOpts.NetworkingConfig = {
      EndpointsConfig: {
        [plan.network.name]: { IPAMConfig: { IPv4Address: node.address } },
      },
    };
  }
}

/** Only that the main process did not end at once: whether a node is ready, a packet through the whole path decides later. */
class StillRunning extends StartupCheckStrategy {
  override async checkStartupState(docker: Docker, id: string): Promise<StartupStatus> {
    const { State: state } = await docker.getContainer(id).inspect();
    return state.Running ? 'SUCCESS' : 'FAIL';
  }
}
