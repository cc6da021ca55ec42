import { parseCaptureCounts } from '../capture/captureCounts.js';
import type { PhaseFileReader } from './sealed/phaseFileReader.js';
import { parsePcap } from '../capture/pcap/pcap.js';
import type { Capture } from '../model/evidence.js';

/** What a node captured, and how many packets the kernel dropped of it; each is undefined when it cannot be read. */
export interface NodeCapture {
  readonly capture: Capture | undefined;
  readonly dropped: number | undefined;
}

/** Reads a node's `.pcap`, and tcpdump's counts in `.capture.txt`. A disagreement of the two is noted as a problem. */
export async function readCapture(
  node: string,
  part: PhaseFileReader,
  note: (problem: string) => void,
): Promise<NodeCapture> {
  const file = `${node}.pcap`;
  const words = `${node}.capture.txt`;
  const capture = await part(file, parsePcap);
  const counts = await part(words, (bytes) => parseCaptureCounts(bytes.toString('utf8')));
  if (capture?.truncated === true) note(`${file}: it ends in the middle of a packet.`);
  if (capture !== undefined && counts !== undefined && capture.packets !== counts.captured) {
    note(`${file}: it has ${capture.packets} packets, and tcpdump took ${counts.captured} (${words}).`);
  }
  return { capture, dropped: counts?.dropped };
}
