import path from 'node:path';
import { runCommand } from '../nodes/runCommand.js';
import type { PlannedLab } from '../lab/plannedLab.js';
import type { PlannedNode } from '../nodes/plannedNode.js';
import type { CaptureRecording } from '../recording/capture.js';
import type { NodeSampler, OnBlock } from '../recording/sampler.js';

const zeroSeconds = 60;

/** Records what all nodes show in one phase into its directory. */
export class Recorder {
  readonly #samplers: NodeSampler[] = [];
  /** The capture of each node that has one, by the node's name. */
  readonly #captures = new Map<string, CaptureRecording>();

  private constructor(private readonly directory: string) {}

  /** Resets the nodes' counters and starts all recordings. Resolves when each sampler has given a sample and each capture listens. */
  static async start(lab: PlannedLab, directory: string, onBlock: OnBlock): Promise<Recorder> {
    const recorder = new Recorder(directory);
    await Promise.all(
      lab.nodes.flatMap((node) => [recorder.#sample(lab, node, onBlock), recorder.#capture(lab, node)]),
    );
    return recorder;
  }

  async #sample({ recordings }: PlannedLab, planned: PlannedNode, onBlock: OnBlock): Promise<void> {
    const { node, plan } = planned;
    const sampler = await recordings.sampler(planned);
    this.#samplers.push(sampler);
    for (const command of plan.zero) await runCommand(node, command, zeroSeconds);
    await sampler.begin(path.join(this.directory, `${plan.name}.samples`), onBlock);
  }

  async #capture({ recordings }: PlannedLab, planned: PlannedNode): Promise<void> {
    const { name } = planned.plan;
    const capture = await recordings.capture(planned);
    if (capture === undefined) return;
    this.#captures.set(name, capture);
    await capture.begin(path.join(this.directory, `${name}.pcap`));
  }

  /** Throws LabError when a recording has ended, or wrote something that cannot be read. */
  check(): void {
    for (const sampler of this.#samplers) sampler.check();
    for (const capture of this.#captures.values()) capture.check();
  }

  /** Ends the phase's recordings; all files are complete when this resolves. For each capture, a file tells how many packets it took and lost. */
  async end(): Promise<void> {
    await Promise.all([
      ...this.#samplers.map((sampler) => sampler.end()),
      ...[...this.#captures].map(([name, capture]) =>
        capture.end(path.join(this.directory, `${name}.capture.txt`)),
      ),
    ]);
  }
}
