import type { RecordedNode } from '../model/recordedNodes.js';
import { ipvsStatsSince, parseIpvsStats } from '../listings/ipvsStats.js';
import type { IpvsTally, SocketTally, IpvsStats } from '../model/flowTypes.js';
import { linksSince, parseLinks, type LinkCounters } from '../listings/linkCounters.js';
import type { SampleBlock } from '../streams/samples.js';
import { parseQueues, queuesSince, type QueueDrops } from '../listings/queues.js';
import { parseBacklogDrops } from '../listings/softnet.js';
import { parseIpvsTally, parseSocketTally } from '../streams/tallies.js';
import { messageOf } from '../../support/errors.js';

/** What a node reports of the raw-socket load. A field is undefined when the node was not asked for it, or its answer cannot be read. */
export interface NodeFlows {
  readonly sockets: readonly SocketTally[] | undefined;
  readonly ipvs: readonly IpvsTally[] | undefined;
  readonly ipvsStats: IpvsStats | undefined;
  readonly links: LinkCounters | undefined;
  readonly queueDrops: QueueDrops | undefined;
  readonly backlogDrops: number | undefined;
  readonly captureDrops: number | undefined;
}

/** Ways to read a node's files. */
interface Readers {
  /** Parses a section of the `.final` that must exist. */
  readonly section: <T>(name: string, parse: (text: string) => T) => T | undefined;
  readonly note: (problem: string) => void;
}

interface FlowNode extends RecordedNode {
  readonly countsSockets: boolean;
  readonly captureDrops: number | undefined;
}

/** Reads the blocks and sections that a node records under a raw-socket load; `blocks` is undefined when the samples could not be read. */
export function readNodeFlows(
  { name, role, countsSockets, captureDrops }: FlowNode,
  blocks: readonly SampleBlock[] | undefined,
  { section, note }: Readers,
): NodeFlows {
  /** Parses all blocks of a kind; there must be at least one. */
  const read = <T>(kind: SampleBlock['kind'], parse: (block: SampleBlock) => T): T[] | undefined => {
    if (blocks === undefined) return undefined;
    try {
      const parsed = blocks.filter((block) => block.kind === kind).map(parse);
      if (parsed.length > 0) return parsed;
      note(`${name}.samples: it holds no complete block of ${kind}.`);
    } catch (error) {
      note(`${name}.samples: ${messageOf(error)}`);
    }
    return undefined;
  };
  /** What was counted from the sampler's start to the end of the phase. */
  const since = <T, R>(
    kind: 'links' | 'queues' | 'softnet' | 'ipvs-stats',
    parse: (text: string) => T,
    difference: (before: T, after: T) => R,
  ): R | undefined => {
    const before = read(kind, ({ text }) => parse(text))?.[0];
    const after = section(kind, parse);
    return before === undefined || after === undefined ? undefined : difference(before, after);
  };
  return {
    sockets: countsSockets ? read('tally', parseSocketTally) : undefined,
    ipvs: role === 'director' ? read('ipvs-tally', parseIpvsTally) : undefined,
    ipvsStats: role === 'director' ? since('ipvs-stats', parseIpvsStats, ipvsStatsSince) : undefined,
    links: since('links', parseLinks, linksSince),
    queueDrops: since('queues', parseQueues, queuesSince),
    // The engine's, and the same in all nodes.
    backlogDrops:
      role === 'client' ? since('softnet', parseBacklogDrops, (before, after) => after - before) : undefined,
    captureDrops,
  };
}
