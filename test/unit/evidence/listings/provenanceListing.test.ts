import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { provenanceSchema } from '../../../../src/evidence/model/provenance.js';
import { parseVersions } from '../../../../src/evidence/listings/provenanceListing.js';
import { buildIds, bytesOfDump, fileHeads } from '../../../../src/evidence/listings/provenanceNotes.js';

/** An ELF note. */
function note(name: string, type: number, content: Buffer): Buffer {
  const padded = (bytes: Buffer) => Buffer.concat([bytes, Buffer.alloc((4 - (bytes.length % 4)) % 4)]);
  const header = Buffer.alloc(12);
  header.writeUInt32LE(name.length + 1, 0);
  header.writeUInt32LE(content.length, 4);
  header.writeUInt32LE(type, 8);
  return Buffer.concat([header, padded(Buffer.from(`${name}\0`)), padded(content)]);
}

/** Bytes as `od -An -v -tx1` prints them. */
function dump(bytes: Buffer): readonly string[] {
  return (bytes.toString('hex').match(/.{1,32}/g) ?? []).map(
    (line) => ` ${(line.match(/../g) ?? []).join(' ')}`,
  );
}

/** Notes of modules as `head -v` prints them. */
function heads(notes: Readonly<Record<string, Buffer>>): Buffer {
  const pieces = Object.entries(notes).map(([module, content], index) =>
    Buffer.concat([
      Buffer.from(`${index === 0 ? '' : '\n'}==> /sys/module/${module}/notes/.note.gnu.build-id <==\n`),
      content,
    ]),
  );
  return Buffer.concat(pieces);
}
const id = (byte: number) => Buffer.alloc(20, byte);
const hex = (byte: number) => id(byte).toString('hex');

describe('build ids in ELF notes', () => {
  it('are those of GNU, whatever other notes there are', () => {
    const others = [
      note('Xen', 3, Buffer.from('12345')),
      note('Linux', 0x100, Buffer.from('6.1.0-40-amd64\0')),
    ];
    expect(buildIds(Buffer.concat([others[0]!, note('GNU', 3, id(7)), others[1]!]))).toEqual([hex(7)]);
    expect(buildIds(Buffer.concat(others))).toEqual([]);
  });

  it('are as long as the linker made them', () => {
    expect(buildIds(note('GNU', 3, Buffer.from('abcdef', 'hex')))).toEqual(['abcdef']);
  });

  it('end where the notes are cut short', () => {
    const two = Buffer.concat([note('GNU', 3, id(1)), note('GNU', 3, id(2))]);
    expect(buildIds(two)).toEqual([hex(1), hex(2)]);
    expect(buildIds(two.subarray(0, -1))).toEqual([hex(1)]);
    expect(buildIds(Buffer.alloc(0))).toEqual([]);
  });
});

describe('what `head -v` prints', () => {
  it('is read as the files are, whatever bytes are in them', async () => {
    const directory = await mkdtemp(path.join(tmpdir(), 'lvs-lab-heads-'));
    onTestFinished(() => rm(directory, { recursive: true }));
    const contents = {
      one: Buffer.from('\n==> no <==\n\xff\0', 'latin1'),
      two: Buffer.alloc(0),
      three: note('GNU', 3, id(10)),
    };
    for (const [name, content] of Object.entries(contents))
      await writeFile(path.join(directory, name), content);
    const files = Object.keys(contents).map((name) => path.join(directory, name));
    const said = execFileSync('bash', ['-c', 'head -v -c 4096 "$@" | od -An -v -tx1', 'bash', ...files], {
      encoding: 'utf8',
    });
    expect(fileHeads(bytesOfDump(said.split('\n')))).toEqual(
      Object.entries(contents).map(([name, content]) => ({ file: path.join(directory, name), content })),
    );
  });
});

const listing = (over: Readonly<Record<string, readonly string[]>> = {}) =>
  Object.entries({
    kernel: ['6.1.0-40-amd64', '#1 SMP PREEMPT_DYNAMIC Debian 6.1.153-1 (2025-09-20)'],
    notes: dump(note('GNU', 3, id(9))),
    config: [`${'ab'.repeat(32)}  -`],
    modules: dump(heads({ nf_conntrack: note('GNU', 3, id(2)), ip_vs: note('GNU', 3, id(1)) })),
    system: ['"Debian GNU/Linux 12 (bookworm)"'],
    packages: ['nginx-light 1.22.1-9', 'iptables 1.8.9-2'],
    iptables: ['iptables v1.8.9 (nf_tables)'],
    sysctls: ['/proc/sys/net/ipv4/vs/conntrack:0', '/proc/sys/net/ipv4/tcp_rmem:4096\t131072\t6291456'],
    end: [],
    ...over,
  })
    .flatMap(([name, lines]) => [`## ${name}`, ...lines])
    .join('\n');

describe('what versions.sh says of a node', () => {
  it('is read: kernel, modules, packages and sysctls', () => {
    expect(parseVersions(listing())).toEqual({
      kernel: {
        release: '6.1.0-40-amd64',
        version: '#1 SMP PREEMPT_DYNAMIC Debian 6.1.153-1 (2025-09-20)',
        buildId: hex(9),
        config: { sha256: 'ab'.repeat(32), from: '/proc/config.gz' },
        modules: { ip_vs: hex(1), nf_conntrack: hex(2) },
      },
      role: {
        system: 'Debian GNU/Linux 12 (bookworm)',
        iptables: 'iptables v1.8.9 (nf_tables)',
        packages: { iptables: '1.8.9-2', 'nginx-light': '1.22.1-9' },
        sysctls: { 'net.ipv4.tcp_rmem': '4096 131072 6291456', 'net.ipv4.vs.conntrack': '0' },
      },
    });
  });

  it('leaves out what the kernel does not show', () => {
    const { kernel } = parseVersions(listing({ notes: [], config: [], modules: [] }));
    expect(kernel).toEqual({ release: '6.1.0-40-amd64', version: expect.any(String) as string, modules: {} });
  });

  it('is refused when it is cut short, or says nothing of the kernel', () => {
    const whole = listing();
    expect(() => parseVersions(whole.replace('## end', ''))).toThrow(/expected versions\.sh to end with/);
    expect(() => parseVersions('')).toThrow(/found no part at all/);
    expect(() => parseVersions(listing({ kernel: [] }))).toThrow(/release and version of the kernel/);
  });

  it('is refused when a module has no build id', () => {
    const one = {
      modules: dump(heads({ nf_conntrack: note('GNU', 3, id(2)), ip_vs: note('Xen', 3, id(1)) })),
    };
    expect(() => parseVersions(listing(one))).toThrow(
      'build id in /sys/module/ip_vs/notes/.note.gnu.build-id from versions.sh, found none',
    );
  });

  it('fits the record that it becomes part of', () => {
    const { kernel, role } = parseVersions(listing());
    const record = { tool: '1', kernel, engine: {}, roles: { director: role }, problems: [] };
    expect(provenanceSchema.parse(record)).toEqual(record);
  });
});
