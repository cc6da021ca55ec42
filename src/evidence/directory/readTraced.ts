import type { TracedEvidence } from '../model/evidence.js';
import type { EntryEvent, TracedKernel, TracedNode, TracedPacket } from '../model/traced.js';
import { tracedRecordSchema } from '../model/tracedRecord.js';
import { parsePacketFilter } from '../listings/packetFilter/packetFilter.js';
import { EvidenceError } from '../text/error.js';
import { parseRecordedJson } from '../text/parseRecordedJson.js';
import { parseEntryEvents } from '../trace/entryEvents.js';
import { parseKernelPassages } from '../trace/kernelPassages.js';
import { parseNflogPackets } from '../trace/nflogPackets.js';
import { parseNftHandles } from '../trace/nftHandles.js';
import { parseNftPackets } from '../trace/nftPackets.js';
import { parseServiceHistory } from '../trace/serviceHistory.js';
import { withStates } from '../trace/withStates.js';
import { nonEmptyLines } from '../text/lines.js';
import { messageOf } from '../../support/errors.js';
import { phaseFileReader } from './sealed/phaseFileReader.js';
import { readPhaseEvidence } from './readPhase.js';
import { readNodes, readPlan } from './recordedFiles.js';
import type { SealedFolder } from './sealed/sealedFolder.js';
import { splitSections, type Section } from './sections.js';

/**
 * Reads `traced/`, on which no verdict on the connections depends. Never rejects: what is missing, unreadable or different from the manifest becomes
 * one of the problems, each naming its file.
 */
export async function readTraced(folder: SealedFolder): Promise<TracedEvidence> {
  const problems: string[] = [];
  const note = (problem: string): void => void problems.push(`traced/${problem}`);
  const part = phaseFileReader(folder, 'traced', note);
  const text =
    <T>(parse: (text: string) => T) =>
    (bytes: Buffer): T =>
      parse(bytes.toString('utf8'));
  const plan = await part('plan.json', text(readPlan));
  const recorded = await part('nodes.json', text(readNodes));
  const about = await part(
    'explain.json',
    text((json) => parseRecordedJson(tracedRecordSchema, json)),
  );
  const phase = plan && recorded && (await readPhaseEvidence(folder, 'traced', plan, recorded));
  const nodes: TracedNode[] = [];
  for (const { name, sources } of about?.nodes ?? []) {
    const sections = await part(`${name}.traced`, text(splitSections));
    if (sections === undefined) continue;
    const { lacking, ...seen } = readSections(sections);
    nodes.push({ name, sources, ...seen, lacking: lacking.map((why) => `${name}: ${why}`) });
  }
  const kernel = about?.kernel;
  const inKernel = kernel?.isFollowed === true ? await part('kernel.traced', text(splitSections)) : undefined;
  return {
    connections: about?.connections ?? 0,
    phase,
    nodes,
    kernel:
      kernel === undefined
        ? undefined
        : inKernel === undefined
          ? { passages: undefined, lacking: kernel.lacking }
          : readKernel(inKernel),
    problems: [...problems, ...(about?.problems ?? []), ...(phase?.problems ?? [])],
  };
}

type Seen = Pick<TracedNode, 'packets' | 'entries' | 'services' | 'sysctls' | 'after' | 'lacking'>;

function readSections(sections: ReadonlyMap<string, Section>): Seen {
  const lacking: string[] = [];
  const read = <T>(name: string, what: string, parse: (text: string) => T): T | undefined => {
    try {
      return parse(completed(sections.get(name)));
    } catch (error) {
      lacking.push(`${what} (${messageOf(error).replace(/\.$/, '')})`);
      return undefined;
    }
  };
  const handles = sections.has('nft-handles')
    ? read('nft-handles', 'rules that came later cannot be told by their handles', parseNftHandles)
    : undefined;
  const followed = read<TracedPacket[]>('packets', 'nft does not follow packets', (packets) =>
    parseNftPackets(packets, handles),
  );
  const logged = sections.has('nflog')
    ? read('nflog', 'iptables-legacy does not follow packets', (base64) =>
        parseNflogPackets(Buffer.from(base64, 'base64')),
      )
    : undefined;
  const entries = read<EntryEvent[]>('entries', 'conntrack tells no events', parseEntryEvents);
  const services = sections.has('services')
    ? read('services', "IPVS's services cannot be told", parseServiceHistory)
    : undefined;
  const packets =
    logged === undefined || followed === undefined ? (logged ?? followed) : withStates(logged, followed);
  const tracks = packets?.some(({ state }) => state !== undefined) ?? false;
  return {
    packets,
    entries,
    services,
    after: read('nft-ruleset', 'nobody looked what rules had counted', (nftables) =>
      parsePacketFilter({
        iptables: sections.get('iptables-save')?.output,
        ip6tables: sections.get('ip6tables-save')?.output,
        nftables,
      }),
    ),
    sysctls: sysctlsOf(sections.get('sysctls')?.output ?? ''),
    lacking: [
      ...lacking,
      ...(packets === undefined || tracks || packets.length === 0
        ? []
        : ['its rules ask for no state of connections, so none was asked for']),
    ],
  };
}

function readKernel(sections: ReadonlyMap<string, Section>): TracedKernel {
  const followed = "the kernel's own functions could not be followed";
  try {
    const passages = parseKernelPassages(succeeded(sections.get('events')));
    const lacking = nonEmptyLines(sections.get('missing')?.output ?? '').map((why) => `the kernel's ${why}`);
    return { passages, lacking };
  } catch (error) {
    return { passages: undefined, lacking: [`${followed}: ${messageOf(error).replace(/\.$/, '')}`] };
  }
}

function succeeded(section: Section | undefined): string {
  if (section === undefined) throw new EvidenceError('it was not recorded.');
  if (section.exitCode !== 0) throw new EvidenceError(section.output.trim().slice(0, 200));
  return section.output;
}

/** The same of a program that says when it missed something, and goes on. */
function completed(section: Section | undefined): string {
  const output = succeeded(section);
  const missed = /^# (.*(?:lost|overrun|buffer).*)$/im.exec(output)?.[1];
  if (missed !== undefined) throw new EvidenceError(`it missed some: ${missed}`);
  return output;
}

function sysctlsOf(text: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    [...text.matchAll(/^(\S+) = (.*)$/gm)].map(([, name = '', value = '']) => [name, value.trim()]),
  );
}
