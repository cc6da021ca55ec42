import { mkdirSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { LabError } from '../../../src/support/errors.js';
import { type Script } from './fakeEngine.js';
import { brokenBy, run, runAll, runDirectory } from './running.js';

/** A run that finds another file where one of its evidence is to be; /dev/full has no room for anything. */
async function runWith(file: string, instead: string) {
  const out = runDirectory();
  const exec: Script['exec'] = ({ what }) => {
    if (what === 'rules') {
      const place = path.join(out, 'close-server-first', 'measured');
      mkdirSync(place, { recursive: true });
      symlinkSync(instead, path.join(place, file));
    }
    return undefined;
  };
  // Labs that are alike: the measured run's folder is there when its phase begins.
  return { ...(await run({ sharedRunId: 'vm', exec }, { out })), out };
}

describe('a disk that has no room for the evidence', () => {
  it.each([
    'client.pcap',
    'director.samples',
    'load.json',
    'realserver1.final',
    'client.capture.txt',
    'phase.json',
  ])('is named, with the option for another place, when it is full at %s', async (file) => {
    const broken = await runWith(file, '/dev/full');
    const error = brokenBy(broken);
    expect(error.message).toBe(`no space left on the disk of ${broken.out} for the evidence`);
    expect(error.hint).toContain(`${broken.out} (--out DIR)`);
    expect(error.exitCode).toBe(2);
  });

  it('is none for the same run with room there', async () => {
    const { result } = await runWith('client.pcap', path.join(runDirectory(), 'elsewhere.pcap'));
    expect(result.error).toBeUndefined();
  });

  it('is named also when there is none for the record of the run', async () => {
    const out = runDirectory();
    symlinkSync('/dev/full', path.join(out, 'run.json'));
    const ended: unknown = await runAll({}, { out }).catch((error: unknown) => error);
    expect(ended).toBeInstanceOf(LabError);
    expect((ended as LabError).message).toContain(`no space left on the disk of ${out}`);
    expect((ended as LabError).hint).toContain('--out DIR');
  });
});
