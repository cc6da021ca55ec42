import { describe, expect, it } from 'vitest';
import { parseSnapshot, readDated, snapshotMirror } from '../../../../src/engine/debian/datedSuite.js';
import { bootstrapArgv } from '../../../../src/engine/debian/mmdebstrap.js';
import { imageGroups } from '../../../../src/engine/images/groups.js';
import { flavoursOf, parseImageSpec } from '../../../../src/engine/images/imageSpec.js';
import { parseKernelSpec } from '../../../../src/engine/kernel/kernelSpec.js';
import { withEnvironment } from '../tempFolder.js';

const date = '20260131T000000Z';
const mirrors = { LVS_LAB_DEBIAN_SNAPSHOTS: 'http://mirror.example/debian/{date}' };

describe('a suite as it was', () => {
  it.each([
    ['2026-01-31', date],
    ['20260131', date],
    ['20260131T120000Z', '20260131T120000Z'],
    ['2026-13-31', undefined],
    ['31.1.2026', undefined],
    ['yesterday', undefined],
  ])('is of the day %s', (text, expected) => {
    expect(parseSnapshot(text)).toBe(expected);
  });

  it('is fetched from where the mirror keeps it, and as it is now from the mirror', () => {
    const request = {
      suite: `bookworm@${date}`,
      variant: 'essential',
      packages: [],
      output: '/o.tar',
    } as const;
    const environment = { ...mirrors, LVS_LAB_DEBIAN_MIRROR: 'http://now.example/debian' };
    expect(bootstrapArgv(request, environment).slice(-3)).toEqual([
      'bookworm',
      '/o.tar',
      `http://mirror.example/debian/${date}`,
    ]);
    expect(bootstrapArgv({ ...request, suite: 'bookworm' }, environment).at(-1)).toBe(
      'http://now.example/debian',
    );
    const backports = bootstrapArgv({ ...request, suite: `bookworm-backports@${date}` }, environment);
    expect(backports).toContain('--aptopt=APT::Default-Release "bookworm-backports"');
  });

  it('is an image made of packages, and a kernel, with the date in their names', () => {
    withEnvironment(mirrors);
    const image = `debian:trixie@${date}`;
    expect(parseImageSpec(image)).toEqual({ kind: 'debian', suite: `trixie@${date}` });
    expect(flavoursOf(image)).toEqual(flavoursOf('debian:trixie'));
    expect(imageGroups(image).local[1]?.bases).toEqual([{ kind: 'packages', suite: `trixie@${date}` }]);
    expect(imageGroups('debian:trixie').local[1]?.bases).toHaveLength(2);
    expect(parseKernelSpec(`debian:sid@${date}`)).toEqual({ kind: 'debian', suite: `sid@${date}` });
    expect(readDated('trixie')).toEqual({ suite: 'trixie', date: undefined });
  });

  it('is refused where nobody has said where it is, and for what is no date or no suite', () => {
    withEnvironment({ LVS_LAB_DEBIAN_SNAPSHOTS: undefined });
    expect(() => parseImageSpec(`debian:trixie@${date}`)).toThrow('LVS_LAB_DEBIAN_SNAPSHOTS');
    expect(() => parseKernelSpec(`debian:sid@${date}`)).toThrow('found nothing');
    expect(() => snapshotMirror(date, { LVS_LAB_DEBIAN_SNAPSHOTS: 'http://x/' })).toThrow('found http://x/');
    withEnvironment(mirrors);
    expect(() => parseImageSpec('debian:trixie@today')).toThrow('expected a date behind @');
    expect(() => parseImageSpec(`debian:nosuch@${date}`)).toThrow('--image debian:nosuch');
    expect(() => parseKernelSpec(`debian:sit@${date}`)).toThrow('did you mean `sid`?');
  });
});
