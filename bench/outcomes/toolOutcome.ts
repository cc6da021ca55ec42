import * as z from 'zod';
import type { Measured } from '../places/measure.js';

/** Kinds of work: whole connections, or a flood of first segments. */
const kinds = ['conversations', 'SYNs, answered', 'SYNs, dropped'] as const;

/** What one run of a tool came to. Left out is what the tool does not do, or was not asked for. */
export const toolOutcomeSchema = z.object({
  tool: z.string(),
  kind: z.enum(kinds),
  /** Complete ones. */
  connections: z.number().optional(),
  connectionsPerSecond: z.number().optional(),
  /** Sent and received. */
  packetsPerSecond: z.number(),
  /** Of the client's process, and of the packets' way while it sends. */
  cpuMicrosecondsPerConnection: z.number().optional(),
  cpuMicrosecondsPerPacket: z.number(),
  /** The most memory of the tool's process. */
  residentBytes: z.number(),
  remarks: z.array(z.string()),
});

export type ToolOutcome = z.infer<typeof toolOutcomeSchema>;

/** What a tool itself says of a run. */
interface ToolReport {
  readonly connections?: number;
  /** The time of the work alone, without the tool's start. */
  readonly seconds?: number;
  readonly sent?: number;
  readonly received?: number;
  readonly remarks?: string[];
}

/**
 * Works out the ratios of one run. Times and packets are the tool's own where it says them; else the packets are those of the interface,
 * which has what the kernel adds, too.
 */
export function toolOutcomeOf(
  tool: string,
  kind: ToolOutcome['kind'],
  measured: Measured,
  report: ToolReport,
): ToolOutcome {
  const { connections, seconds, sent, received, remarks = [] } = { ...measured, ...report };
  const microseconds = measured.cpuSeconds * 1e6;
  return {
    tool,
    kind,
    connections,
    connectionsPerSecond: connections === undefined ? undefined : connections / seconds,
    packetsPerSecond: (sent + received) / seconds,
    cpuMicrosecondsPerConnection: connections === undefined ? undefined : microseconds / connections,
    cpuMicrosecondsPerPacket: microseconds / (sent + received),
    residentBytes: measured.residentBytes,
    remarks,
  };
}
