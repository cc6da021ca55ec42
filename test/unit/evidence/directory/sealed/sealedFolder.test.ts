import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  manifestFile,
  manifestText,
  parseManifest,
} from '../../../../../src/evidence/directory/sealed/manifest.js';
import { readScenarioEvidence } from '../../../../../src/evidence/directory/read.js';
import { SealedFolder } from '../../../../../src/evidence/directory/sealed/sealedFolder.js';
import { seal } from '../../../../../src/run/recording/seal.js';
import { packageRoot } from '../../../../../src/support/packageRoot.js';
import { judge } from '../../../../../src/verdict/judge.js';
import type { Verdict } from '../../../../../src/verdict/model/verdict.js';
import { mendManifest } from '../../mend.js';

let run: string;

beforeEach(() => {
  run = mkdtempSync(path.join(tmpdir(), 'lvs-lab-sealed-'));
  cpSync(path.join(packageRoot, 'test/fixtures/runs/close-server-first'), run, { recursive: true });
});

afterEach(() => {
  rmSync(run, { recursive: true });
});

const at = (name: string): string => path.join(run, name);

/** What judging the folder comes to, without and with a manifest that was mended. */
const judged = async (): Promise<Verdict> =>
  judge({ outcome: 'close-blocked', signal: undefined }, await readScenarioEvidence(run));
const mended = async (): Promise<Verdict> => {
  await mendManifest(run);
  return judged();
};

/** Flips the lowest bit of the byte in the middle. */
function flip(name: string): void {
  const bytes = readFileSync(at(name));
  const middle = Math.floor(bytes.length / 2);
  bytes.writeUInt8(bytes.readUInt8(middle) ^ 1, middle);
  writeFileSync(at(name), bytes);
}

const everyFile = parseManifest(
  readFileSync(path.join(packageRoot, 'test/fixtures/runs/close-server-first', manifestFile), 'utf8'),
).map(({ name }) => name);

describe('evidence that is not what was recorded', () => {
  it('gives the verdict while it is', async () => {
    const { problems } = await readScenarioEvidence(run);
    expect(problems).toEqual([]);
    expect((await judged()).result).toBe('pass');
    expect(everyFile).toEqual(expect.arrayContaining(['plan.json', 'scenario.yaml', 'measured/client.pcap']));
  });

  it.each(everyFile)('is inconclusive and names %s when it was cut, edited or taken away', async (name) => {
    const whole = readFileSync(at(name));
    const reasonsWhen = async (what: () => void): Promise<string> => {
      what();
      const verdict = await judged().catch((error: unknown) => error as Error);
      writeFileSync(at(name), whole);
      // Without a plan that can be read nothing says which scenario it is.
      if (name !== 'plan.json') expect(verdict).not.toBeInstanceOf(Error);
      if (verdict instanceof Error) return verdict.message;
      expect(verdict.result).toBe('inconclusive');
      return verdict.reasons.join('\n');
    };
    const cut = (): void => {
      truncateSync(at(name), whole.length - 1);
    };
    expect(await reasonsWhen(cut)).toContain(name);
    expect(
      await reasonsWhen(() => {
        flip(name);
      }),
    ).toContain(name);
    expect(
      await reasonsWhen(() => {
        rmSync(at(name));
      }),
    ).toContain(name);
    expect((await judged()).result).toBe('pass');
  });

  it('says how a file differs', async () => {
    appendFileSync(at('measured/client.samples'), '\n');
    flip('measured/load.json');
    const reasons = (await judged()).reasons.join('\n');
    expect(reasons).toContain(
      'measured/client.samples: it has 4509 bytes, and had 4508 when it was complete (manifest.json)',
    );
    expect(reasons).toMatch(
      /measured\/load\.json: its SHA-256 is [0-9a-f]{12}\.\.\., and was [0-9a-f]{12}\.\.\. when it was complete \(manifest\.json\): it was edited\./,
    );
  });

  it('counts the packets of a capture against what tcpdump took, also where somebody mended the manifest', async () => {
    const capture = readFileSync(at('measured/client.pcap'));
    const first = 24 + 16 + capture.readUInt32LE(24 + 8);
    writeFileSync(at('measured/client.pcap'), capture.subarray(0, first));
    const { result, reasons } = await mended();
    expect(result).toBe('inconclusive');
    expect(reasons.join('\n')).toContain(
      'measured/client.pcap: it has 1 packets, and tcpdump took 210 (client.capture.txt).',
    );
    writeFileSync(at('measured/client.pcap'), capture.subarray(0, first - 1));
    expect((await mended()).reasons.join('\n')).toContain(
      'measured/client.pcap: it ends in the middle of a packet.',
    );
    writeFileSync(at('measured/client.pcap'), capture);
    expect((await mended()).result).toBe('pass');
  });

  it('does not take phases that changed places for each other', async () => {
    renameSync(at('measured'), at('other'));
    renameSync(at('control'), at('measured'));
    renameSync(at('other'), at('control'));
    expect((await judged()).result).toBe('inconclusive');
    expect((await mended()).control?.outcome).toBe('close-blocked');
  });

  it('says that a whole phase is gone in one sentence', async () => {
    rmSync(at('measured'), { recursive: true });
    const { reasons } = await judged();
    expect(reasons).toEqual([
      'Evidence is missing, changed or unreadable: measured/: the folder is missing, and manifest.json has 14 files of it.',
    ]);
    expect((await mended()).reasons).toEqual(['The measured run never took place.']);
  });

  it('is judged no further, and says so once, where the nodes cannot be read', async () => {
    truncateSync(at('nodes.json'), 20);
    const { result, reasons, measured, control } = await judged();
    expect({ result, measured, control }).toEqual({
      result: 'inconclusive',
      measured: undefined,
      control: undefined,
    });
    expect(reasons).toHaveLength(1);
    expect(reasons[0]).toMatch(
      /nodes\.json: it has 20 bytes, and had \d+ .*: control\/ and measured\/ cannot be told by node\.$/,
    );
  });

  it("has its control run where only the measured run's own nodes or plan cannot be read", async () => {
    for (const name of ['nodes.json', 'plan.json']) cpSync(at(name), at(`measured/${name}`));
    expect((await mended()).result).toBe('pass');
    for (const name of ['nodes.json', 'plan.json']) {
      const whole = readFileSync(at(`measured/${name}`));
      writeFileSync(at(`measured/${name}`), '{');
      const { result, reasons, control, measured } = await judged();
      expect([result, control?.outcome, measured]).toEqual(['inconclusive', 'healthy', undefined]);
      expect(reasons).toHaveLength(1);
      expect(reasons[0]).toMatch(
        new RegExp(`measured/${name}: it has 1 bytes, .*: measured/ cannot be told by node\\.$`),
      );
      writeFileSync(at(`measured/${name}`), whole);
    }
    expect((await judged()).result).toBe('pass');
  });

  it('does not read a file that nobody recorded', async () => {
    writeFileSync(at('control/engine-host.nft'), 'table ip a {\n\tchain b {\n\t\tdrop\n\t}\n}\n');
    expect((await judged()).reasons.join('\n')).toContain(
      'control/engine-host.nft: manifest.json does not have it',
    );
    rmSync(at('control/engine-host.nft'));
    // One that no reader looks for is the owner's.
    writeFileSync(at('measured/notes.txt'), 'mine');
    expect((await judged()).result).toBe('pass');
  });

  it('is nothing but regular files', async () => {
    rmSync(at('measured/client.pcap'));
    mkdirSync(at('measured/client.pcap'));
    expect((await judged()).reasons.join('\n')).toContain(
      'measured/client.pcap: expected a regular file, found a directory',
    );
    rmSync(at('measured/client.pcap'), { recursive: true });
    execFileSync('mkfifo', [at('measured/client.pcap')]);
    expect((await judged()).reasons.join('\n')).toContain(
      'measured/client.pcap: expected a regular file, found a FIFO',
    );
  });

  it('is not read further than it was long, and what it then said is shown', async () => {
    const name = 'measured/client.samples';
    const whole = readFileSync(at(name));
    const before = await judged();
    // More than memory holds, and nearly nothing of it on the disk.
    truncateSync(at(name), 2 ** 40);
    const folder = await SealedFolder.open(run);
    const { bytes, problem } = await folder.read(name);
    expect(bytes?.equals(whole)).toBe(true);
    expect(problem).toContain(`it has ${2 ** 40} bytes, and had ${whole.length} when it was complete`);
    const { result, measured } = await judged();
    expect(result).toBe('inconclusive');
    expect(measured?.outcome).toBe(before.measured?.outcome);
    truncateSync(at(name), whole.length);
    expect((await judged()).result).toBe('pass');
  });
});

describe('a manifest', () => {
  it('that is not there leaves nothing proved', async () => {
    rmSync(at(manifestFile));
    const { result, reasons } = await judged();
    expect(result).toBe('inconclusive');
    expect(reasons).toHaveLength(1);
    expect(reasons[0]).toContain('recorded without a manifest');
  });

  it.each([
    ['is cut', (text: string) => text.slice(0, -20)],
    ['is of a version that is not known', (text: string) => text.replace('"schema": 1', '"schema": 2')],
    ['names a file elsewhere', (text: string) => text.replace('"plan.json"', '"../plan.json"')],
    ['names a file by its root', (text: string) => text.replace('"plan.json"', '"/dev/zero"')],
    ['names a file twice', (text: string) => text.replace('"plan.json"', '"nodes.json"')],
    ['has no digest', (text: string) => text.replace(/"sha256":"[0-9a-f]*/, '"sha256":"')],
  ])('that %s leaves nothing proved either', async (_, change) => {
    writeFileSync(at(manifestFile), change(readFileSync(at(manifestFile), 'utf8')));
    const { result, reasons } = await judged();
    expect(result).toBe('inconclusive');
    expect(reasons.join('\n')).toContain('manifest.json: ');
  });

  it('says of a phase that was not complete when the run was killed', async () => {
    const files = parseManifest(readFileSync(at(manifestFile), 'utf8'));
    const before = files.filter(({ name }) => !name.startsWith('measured/'));
    writeFileSync(at(manifestFile), manifestText(before));
    truncateSync(at('measured/client.pcap'), 1000);
    rmSync(at('measured/phase.json'));
    const { result, reasons } = await judged();
    expect(result).toBe('inconclusive');
    expect(reasons[0]).toContain(
      'measured/: manifest.json has none of its files: the run was killed, or broke, before measured/ was complete.',
    );
    expect(reasons.join('\n')).not.toContain('does not have it');
  });

  it('stands by what it has of a file, and takes up what has come since', async () => {
    const before = parseManifest(readFileSync(at(manifestFile), 'utf8'));
    flip('control/client.final');
    writeFileSync(at('control/engine-host.nft'), '');
    await seal(run, 'control');
    const after = parseManifest(readFileSync(at(manifestFile), 'utf8'));
    expect(after.filter(({ name }) => name !== 'control/engine-host.nft')).toEqual(before);
    expect(after).toHaveLength(before.length + 1);
    expect((await judged()).reasons.join('\n')).toContain('control/client.final');
  });

  it('has neither itself nor the verdict', () => {
    expect(everyFile).not.toContain(manifestFile);
    expect(everyFile).not.toContain('verdict.json');
  });
});
