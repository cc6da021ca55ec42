import type { PlannedNode } from '../nodes/plannedNode.js';
import { CaptureRecording } from './capture.js';
import { NodeSampler } from './sampler.js';

/**
 * The samplers and captures of a lab, started when a phase first needs them and kept for later phases. They end with their containers. A
 * node that is to be recorded in another way gets new ones.
 */
export class Recordings {
  readonly #samplers = new Map<string, Promise<NodeSampler>>();
  readonly #captures = new Map<string, Promise<CaptureRecording | undefined>>();

  sampler(planned: PlannedNode): Promise<NodeSampler> {
    const { name, sampler } = planned.plan;
    return kept(this.#samplers, [name, ...sampler.argv], () => NodeSampler.start(planned));
  }

  capture(planned: PlannedNode): Promise<CaptureRecording | undefined> {
    const { name, capture } = planned.plan;
    return kept(this.#captures, [name, ...(capture?.argv ?? [])], () => CaptureRecording.start(planned));
  }
}

function kept<T>(map: Map<string, Promise<T>>, what: readonly string[], start: () => Promise<T>): Promise<T> {
  const key = what.join('\0');
  const known = map.get(key);
  if (known !== undefined) return known;
  const started = start();
  map.set(key, started);
  return started;
}
