import { readdirSync, readFileSync } from 'node:fs';
import { parsePcap } from '../../../src/evidence/capture/pcap/pcap.js';
import type { CapturedSegment } from '../../../src/evidence/model/evidence.js';

const run = new URL('../../fixtures/runs/close-server-first/', import.meta.url);
const phases = ['control', 'measured'];
const captured = ['client', 'director'];

/** Who has which MAC address in that run. */
const roles: Readonly<Record<string, string>> = {
  '02:42:c6:12:24:0a': 'client',
  '02:42:c6:12:24:14': 'director',
  '02:42:c6:12:24:1f': 'realserver1',
  '02:42:c6:12:24:20': 'realserver2',
};

export const packetHeader = 'ms captured on from to packet';

/** Every line of the samples and final states of the recorded run, white space normalised. */
export function listedLines(): ReadonlySet<string> {
  const lines = phases.flatMap((phase) => {
    const folder = new URL(`${phase}/`, run);
    return readdirSync(folder)
      .filter((name) => /\.(samples|final)$/.test(name))
      .flatMap((name) => readFileSync(new URL(name, folder), 'utf8').split('\n'));
  });
  return new Set(lines.map(normalise).filter((line) => line !== ''));
}

/** The packets of one connection of the measured phase as both captures have them, in order of time. */
export function packetLines(clientPort: number): readonly string[] {
  const packets = captured.flatMap((node) => packetsOf(node, clientPort)).sort((a, b) => a.time - b.time);
  const start = packets[0]!.time;
  return packets.map(({ time, text }) => `${((time - start) * 1000).toFixed(1)} ${text}`);
}

export function normalise(line: string): string {
  return line.trim().replace(/\s+/g, ' ');
}

function packetsOf(node: string, clientPort: number): { time: number; text: string }[] {
  const { segments, icmp } = parsePcap(readFileSync(new URL(`measured/${node}.pcap`, run)));
  const ofConnection = segments.filter(
    ({ sourcePort, destinationPort }) => sourcePort === clientPort || destinationPort === clientPort,
  );
  const errors = icmp.filter(({ quoted }) => quoted?.sourcePort === clientPort);
  const numbers = initialNumbers(clientPort);
  const ends = (packet: { sourceMac: string; destinationMac: string }): string =>
    `${node} ${roles[packet.sourceMac]!} ${roles[packet.destinationMac]!}`;
  return [
    ...ofConnection.map((segment) => ({
      time: segment.time,
      text: `${ends(segment)} ${segmentText(segment, clientPort, numbers)}`,
    })),
    ...errors.map((error) => ({
      time: error.time,
      text: `${ends(error)} ICMP ${error.type}/${error.code} quoting ${flagsText(error.quoted!.flags!)}`,
    })),
  ];
}

interface InitialNumbers {
  readonly client: number;
  readonly server: number;
}

function initialNumbers(clientPort: number): InitialNumbers {
  const { segments } = parsePcap(readFileSync(new URL('measured/client.pcap', run)));
  const synAck = segments.find(
    ({ destinationPort, flags }) => destinationPort === clientPort && flags.syn && flags.ack,
  )!;
  return { client: synAck.acknowledgement - 1, server: synAck.sequence };
}

/** As tcpdump writes it, with relative numbers: an empty segment shows its sequence number only with SYN, FIN or RST. */
function segmentText(segment: CapturedSegment, clientPort: number, initial: InitialNumbers): string {
  const { flags, payloadLength } = segment;
  const [own, other] =
    segment.sourcePort === clientPort ? [initial.client, initial.server] : [initial.server, initial.client];
  const first = segment.sequence - own;
  const words = [flagsText(flags)];
  if (payloadLength > 0) words.push(`seq ${first}:${first + payloadLength}`);
  else if (flags.syn || flags.fin || flags.rst) words.push(`seq ${first}`);
  if (flags.ack) words.push(`ack ${segment.acknowledgement - other}`);
  return words.join(' ');
}

function flagsText({ syn, fin, rst, psh, ack }: CapturedSegment['flags']): string {
  const letters = [syn && 'S', fin && 'F', rst && 'R', psh && 'P', ack && '.'];
  return `[${letters.filter((letter) => letter !== false).join('')}]`;
}
