/** @import { Outcome } from './place.mjs' */
/** @import { Measured } from './measured.mjs' */

/**
 * Works out the ratios of one run. `seconds` is the time of the work alone, without the tool's start, where the tool says so. Packets
 * are those that the tool itself sent and took where it says so; else those of the interface, which has what the kernel adds, too.
 * @param {string} tool
 * @param {Outcome['kind']} kind
 * @param {Measured} measured
 * @param {{ connections?: number, seconds?: number, sent?: number, received?: number, remarks?: string[] }} found
 * @returns {Outcome}
 */
export function outcomeOf(tool, kind, measured, found) {
  const { connections, seconds, sent, received, remarks = [] } = { ...measured, ...found };
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
