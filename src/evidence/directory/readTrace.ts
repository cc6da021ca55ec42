import { join } from 'node:path';
import { parseNftTrace } from '../listings/packetFilter/nftTrace.js';
import { parseRecordedJson } from '../text/parseRecordedJson.js';
import { traceSchema } from '../model/trace.js';
import type { TraceEvidence } from '../model/evidence.js';
import { messageOf } from '../../support/errors.js';
import { readRegularText } from '../../support/files/readRegular.js';

/** The largest trace that is read, in bytes. That of a few connections has some thousand lines. */
const largestTrace = 512 * 1024 ** 2;

/**
 * Reads `trace/`, which no manifest covers, because no verdict depends on it. Never rejects: a file that is missing or cannot be read
 * becomes one of the problems.
 */
export async function readTrace(directory: string): Promise<TraceEvidence> {
  const problems: string[] = [];
  const part = async <T>(name: string, parse: (text: string) => T): Promise<T | undefined> => {
    try {
      return parse(await readRegularText(join(directory, name), largestTrace));
    } catch (error) {
      problems.push(`trace/${name}: ${messageOf(error)}`);
      return undefined;
    }
  };
  const asked = await part('trace.json', (text) => parseRecordedJson(traceSchema, text));
  const nodes: TraceEvidence['nodes'][number][] = [];
  for (const name of asked?.nodes ?? []) {
    const decisions = await part(`${name}.trace`, parseNftTrace);
    if (decisions !== undefined) nodes.push({ name, decisions });
  }
  return {
    connections: asked?.connections ?? 0,
    nodes,
    problems: [...(asked?.problems ?? []), ...problems],
  };
}
