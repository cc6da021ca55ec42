import fc from 'fast-check';
import { fileHeaderLength, recordHeaderLength } from '../../../src/evidence/capture/pcap/pcapFormat.js';

/** A folder's files by name, as they are in memory. */
export type Files = ReadonlyMap<string, Buffer>;

/** What is done to a folder: plain numbers, so that a seed makes the same ones again. Places are shares of what there is. */
export interface Mutation {
  readonly kind: Kind;
  /** Which file. */
  readonly file: number;
  /** Where in it. */
  readonly place: number;
  /** Another place, or another file. */
  readonly other: number;
  readonly byte: number;
}

const ofOneFile = {
  'cut anywhere': (bytes, { place }) => bytes.subarray(0, at(place, bytes.length)),
  'cut at a border': (bytes, { place }, name) =>
    Buffer.concat(unitsOf(name, bytes).slice(0, at(place, unitsOf(name, bytes).length))),
  'flip a bit': (bytes, { place, byte }) =>
    replaced(bytes, at(place, bytes.length), (old) => old ^ (1 << (byte % 8))),
  'set a byte': (bytes, { place, byte }) => replaced(bytes, at(place, bytes.length), () => byte),
  'change a digit': (bytes, { place, byte }) => {
    const digits = [...bytes.keys()].filter((index) => isDigit(bytes.readUInt8(index)));
    const index = digits[at(place, digits.length)];
    return index === undefined ? bytes : replaced(bytes, index, () => 0x30 + (byte % 10));
  },
  'change a word': (bytes, { place, other }) => {
    const words = [...bytes.toString('latin1').matchAll(/[A-Za-z][\w-]+/g)];
    const [from, to] = [words[at(place, words.length)], words[at(other, words.length)]];
    if (from === undefined || to === undefined) return bytes;
    return spliced(bytes, from.index, from[0].length, Buffer.from(to[0], 'latin1'));
  },
  'insert bytes': (bytes, { place, byte }) =>
    spliced(bytes, at(place, bytes.length), 0, Buffer.alloc(1 + (byte % 40), byte)),
  'take bytes out': (bytes, { place, byte }) =>
    spliced(bytes, at(place, bytes.length), 1 + byte, Buffer.alloc(0)),
  'zero a block': (bytes, { place }) => {
    const start = Math.floor(at(place, bytes.length) / 512) * 512;
    const length = Math.min(512, bytes.length - start);
    return spliced(bytes, start, length, Buffer.alloc(length));
  },
  'take a line or packet out': (bytes, { place }, name) =>
    units(name, bytes, (all) => all.toSpliced(at(place, all.length), 1)),
  'repeat a line or packet': (bytes, { place }, name) =>
    units(name, bytes, (all) => {
      const index = at(place, all.length);
      return all.toSpliced(index, 0, ...all.slice(index, index + 1));
    }),
  'swap two lines or packets': (bytes, { place, other }, name) =>
    units(name, bytes, (all) => {
      const [one, two] = [at(place, all.length), at(other, all.length)];
      return all.map(
        (unit, index) => (index === one ? all[two] : index === two ? all[one] : undefined) ?? unit,
      );
    }),
  'append a line or packet of its own': (bytes, { place }, name) =>
    units(name, bytes, (all) => [...all, ...all.slice(at(place, all.length)).slice(0, 1)]),
  'empty it': () => Buffer.alloc(0),
} satisfies Record<string, (bytes: Buffer, mutation: Mutation, name: string) => Buffer>;

type KindOfFile = keyof typeof ofOneFile;
const ofFolder = [
  'delete it',
  'swap with another file',
  'copy another file over it',
  "take the other phase's",
  'swap the phases',
  'delete a phase',
] as const;
type KindOfFolder = (typeof ofFolder)[number];
type Kind = KindOfFile | KindOfFolder;

const kinds = [...(Object.keys(ofOneFile) as KindOfFile[]), ...ofFolder];

/** All mutations there are, whole folders' among them. */
export const mutations: fc.Arbitrary<Mutation> = fc.record({
  kind: fc.constantFrom(...kinds),
  file: share(),
  place: share(),
  other: share(),
  byte: fc.integer({ min: 0, max: 255 }),
});

/** The folder after a mutation, and the names of the files that are not as they were; none where it had nothing to change. */
export function mutated(
  files: Files,
  mutation: Mutation,
): { readonly files: Files; readonly changed: readonly string[] } {
  const names = [...files.keys()];
  const name = names[at(mutation.file, names.length)] ?? '';
  const after = new Map(files);
  const bytes = files.get(name) ?? Buffer.alloc(0);
  const { kind } = mutation;
  if (isOfOneFile(kind)) after.set(name, ofOneFile[kind](bytes, mutation, name));
  else changeFolder(after, kind, name, mutation);
  const all = new Set([...names, ...after.keys()]);
  const changed = [...all].filter((each) => !same(files.get(each), after.get(each)));
  return { files: after, changed };
}

function isOfOneFile(kind: Kind): kind is KindOfFile {
  return kind in ofOneFile;
}

function changeFolder(
  after: Map<string, Buffer>,
  kind: KindOfFolder,
  name: string,
  mutation: Mutation,
): void {
  const files: Files = new Map(after);
  const names = [...files.keys()];
  const bytes = files.get(name) ?? Buffer.alloc(0);
  switch (kind) {
    case 'delete it':
      after.delete(name);
      break;
    case 'swap with another file': {
      const other = names[at(mutation.other, names.length)] ?? name;
      after.set(name, files.get(other) ?? bytes).set(other, bytes);
      break;
    }
    case 'copy another file over it':
      after.set(name, files.get(names[at(mutation.other, names.length)] ?? name) ?? bytes);
      break;
    case "take the other phase's":
      after.set(name, files.get(inOtherPhase(name)) ?? bytes);
      break;
    case 'swap the phases':
      for (const each of names) after.delete(each);
      for (const [each, content] of files) after.set(inOtherPhase(each), content);
      break;
    case 'delete a phase':
      for (const each of names)
        if (each.startsWith(mutation.byte % 2 === 0 ? 'control/' : 'measured/')) after.delete(each);
      break;
  }
}

function share(): fc.Arbitrary<number> {
  return fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
}

/** A share of a length as an index. */
function at(place: number, length: number): number {
  return Math.floor(place * length);
}

function inOtherPhase(name: string): string {
  return name.startsWith('control/')
    ? name.replace('control/', 'measured/')
    : name.replace('measured/', 'control/');
}

function replaced(bytes: Buffer, index: number, change: (old: number) => number): Buffer {
  if (bytes.length === 0) return bytes;
  const copy = Buffer.from(bytes);
  copy.writeUInt8(change(copy.readUInt8(index)), index);
  return copy;
}

function spliced(bytes: Buffer, start: number, length: number, inserted: Buffer): Buffer {
  return Buffer.concat([bytes.subarray(0, start), inserted, bytes.subarray(start + length)]);
}

function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39;
}

/** Changes the lines of a text, or the packets of a capture behind its header. */
function units(name: string, bytes: Buffer, change: (all: Buffer[]) => Buffer[]): Buffer {
  const [head, ...rest] = unitsOf(name, bytes);
  if (head === undefined) return bytes;
  return name.endsWith('.pcap')
    ? Buffer.concat([head, ...change(rest)])
    : Buffer.concat(change([head, ...rest]));
}

function unitsOf(name: string, bytes: Buffer): Buffer[] {
  const parts: Buffer[] = [];
  let start = 0;
  for (let end = firstEnd(name, bytes); start < bytes.length; end = nextEnd(name, bytes, start)) {
    parts.push(bytes.subarray(start, end));
    start = end;
  }
  return parts;
}

function firstEnd(name: string, bytes: Buffer): number {
  return name.endsWith('.pcap') ? fileHeaderLength : nextEnd(name, bytes, 0);
}

function nextEnd(name: string, bytes: Buffer, start: number): number {
  if (name.endsWith('.pcap')) {
    const isWhole = start + recordHeaderLength <= bytes.length;
    return isWhole ? start + recordHeaderLength + bytes.readUInt32LE(start + 8) : bytes.length;
  }
  const newline = bytes.indexOf(0x0a, start);
  return newline === -1 ? bytes.length : newline + 1;
}

function same(one: Buffer | undefined, other: Buffer | undefined): boolean {
  return one === undefined || other === undefined ? one === other : one.equals(other);
}
