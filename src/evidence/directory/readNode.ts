import type { RecordedNode } from '../model/recordedNodes.js';
import { conntrackIncrements } from '../listings/conntrackStats.js';
import { EvidenceError } from '../text/error.js';
import { parseIptablesSave } from '../listings/packetFilter/iptablesSave.js';
import {
  parseIpvsConnections,
  parseIpvsDestinations,
  parseSavedDestinations,
  readFinalConnections,
} from '../listings/ipvsTables.js';
import { parseNftRuleset } from '../listings/packetFilter/nftables.js';
import { parsePacketFilter } from '../listings/packetFilter/packetFilter.js';
import { parseNstat } from '../listings/nstat.js';
import type { PhaseFileReader } from './sealed/phaseFileReader.js';
import { readCapture } from './readCapture.js';
import { readNodeFlows, type NodeFlows } from './readNodeFlows.js';
import { splitSamples, type SampleBlock } from '../streams/samples.js';
import { splitSections, type Section } from './sections.js';
import { parseSs } from '../listings/ss.js';
import { parseTranslations } from '../listings/translations.js';
import type { IpvsSample, NodeEvidence, SocketSample } from '../model/evidence.js';
import { messageOf } from '../../support/errors.js';

/** The contents of a node's files. */
export interface NodeFiles {
  readonly evidence: NodeEvidence;
  readonly ipvs: readonly IpvsSample[];
  /** What the node reports of the raw-socket load; undefined: there was none. */
  readonly flows: NodeFlows | undefined;
}

/** What a node was told to record. */
interface Recorded {
  readonly captured: boolean;
  /** For a raw-socket load, whether the node counts its sockets; undefined: there was no such load. */
  readonly flows: { readonly countsSockets: boolean } | undefined;
}

/** Reads a node's `.samples`, its `.final` and, if the plan had one, its capture. */
export async function readNodeEvidence(
  node: RecordedNode,
  { captured, flows }: Recorded,
  part: PhaseFileReader,
  note: (problem: string) => void,
): Promise<NodeFiles> {
  const samples = await part(`${node.name}.samples`, (bytes) => readSamples(bytes.toString('latin1'), node));
  const final = `${node.name}.final`;
  const sections = await part(final, (bytes) => splitSections(bytes.toString('utf8')));
  const ended = (name: string): Section | undefined => {
    const found = sections?.get(name);
    return found?.exitCode === 0 ? found : undefined;
  };
  /** Parses a section that must exist and whose command must have succeeded; notes a problem otherwise. */
  const section = <T>(name: string, parse: (text: string) => T): T | undefined => {
    if (sections === undefined) return undefined;
    try {
      return parse(succeeded(name, sections.get(name)));
    } catch (error) {
      note(`${final}: ${messageOf(error)}`);
      return undefined;
    }
  };
  /** Parses a section whose command some nodes or kernels lack; undefined when it failed there. */
  const optional = <T>(name: string, parse: (text: string) => T): T | undefined =>
    ended(name) && section(name, parse);
  const listing =
    node.role === 'director'
      ? section('ipvs-connections', (text) => readFinalConnections(text, flows !== undefined))
      : undefined;
  const { capture, dropped } = captured
    ? await readCapture(node.name, part, note)
    : { capture: undefined, dropped: undefined };
  return {
    evidence: {
      ...node,
      samples: samples?.sockets ?? [],
      rules: parsePacketFilter({
        iptables: section(
          'iptables-save',
          readable((text) => parseIptablesSave(text, 'ip')),
        ),
        ip6tables: optional(
          'ip6tables-save',
          readable((text) => parseIptablesSave(text, 'ip6')),
        ),
        nftables: optional('nft-ruleset', readable(parseNftRuleset)),
      }),
      counters: section('nstat', parseNstat) ?? {},
      conntrack: conntrackIncrements(
        sections?.get('conntrack-stats')?.output ?? '',
        ended('conntrack-stats-before')?.output ?? '',
      ),
      conntrackOfLab: ended('conntrack-stats-before') === undefined,
      conntrackEntries: conntrackEntries(ended('conntrack-count')),
      translations: optional('conntrack-list', parseTranslations),
      ipvsDestinations: optional('ipvs-services', parseIpvsDestinations),
      ipvsSaved: optional('ipvs-saved', parseSavedDestinations),
      capture,
      captureDrops: dropped,
    },
    ipvs: [
      ...(samples?.ipvs ?? []),
      // The `.final` has no times of its own: it was made after everything else.
      ...(listing === undefined ? [] : [{ node: node.name, time: Infinity, ...listing }]),
    ],
    flows:
      flows &&
      readNodeFlows({ ...node, ...flows, captureDrops: dropped }, samples?.blocks, { section, note }),
  };
}

function readSamples(
  text: string,
  { name, role }: RecordedNode,
): { readonly blocks: SampleBlock[]; readonly sockets: SocketSample[]; readonly ipvs: IpvsSample[] } {
  const blocks = splitSamples(text);
  const of = (kind: SampleBlock['kind']) => blocks.filter((block) => block.kind === kind);
  const sockets = of('ss').map(({ time, until, text }) => ({ time, until, sockets: parseSs(text) }));
  const ipvs = of('ipvs').map((block) => ({
    node: name,
    time: block.time,
    connections: parseIpvsConnections(block.text),
  }));
  if (sockets.length === 0) throw new EvidenceError('it holds no complete block of sockets.');
  if (role === 'director' && ipvs.length === 0) {
    throw new EvidenceError('it holds no complete block of IPVS connections.');
  }
  return { blocks, sockets, ipvs };
}

/** Checks that a text can be parsed and returns it, so that a problem names this listing and no other. */
function readable(parse: (text: string) => unknown): (text: string) => string {
  return (text) => {
    parse(text);
    return text;
  };
}

function succeeded(name: string, section: Section | undefined): string {
  if (section === undefined) throw new EvidenceError(`it has no section ${name}.`);
  if (section.exitCode !== 0) {
    throw new EvidenceError(
      `section ${name}: the command ended with exit code ${section.exitCode}: ${section.output.trim().slice(0, 200)}`,
    );
  }
  return section.output;
}

/** The number of conntrack entries; undefined when the node has no `conntrack` or the kernel does not answer. The judge does not need it. */
function conntrackEntries(section: Section | undefined): number | undefined {
  const count = /^\d+$/m.exec(section?.output ?? '');
  return count === null ? undefined : Number(count[0]);
}
