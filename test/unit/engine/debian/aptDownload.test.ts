import { describe, expect, it } from 'vitest';
import { AptDownload, aptLines } from '../../../../src/engine/debian/aptDownload.js';
import type { Download } from '../../../../src/engine/port/download.js';

/** What apt-get printed when mmdebstrap, told `--verbose`, fetched busybox of Debian's trixie; hosts apart. */
const lists = [
  'Get:1 http://deb.example trixie InRelease [140 kB]',
  'Get:2 http://deb.example trixie-updates InRelease [47.3 kB]',
  'Get:3 http://deb.example trixie/main amd64 Packages [9679 kB]',
  'Get:4 http://deb.example trixie-updates/main amd64 Packages [1108 B]',
  'Fetched 10.2 MB in 2s (5227 kB/s)',
];
const packages = [
  'Need to get 955 kB of archives.',
  'After this operation, 2117 kB of additional disk space will be used.',
  'Get:1 http://deb.example trixie/main amd64 busybox-static amd64 1:1.37.0-6+b9 [955 kB]',
  'Fetched 955 kB in 0s (28.4 MB/s)',
];

function told(lines: readonly string[]): (Download | undefined)[] {
  let milliseconds = 0;
  const apt = new AptDownload(() => (milliseconds += 250));
  return lines.map((line) => apt.take(line));
}

describe('what apt says of its downloads', () => {
  it('counts a file when the next one begins, and all at the end', () => {
    const heard = told(lists);
    expect(heard.slice(0, 2)).toEqual([
      { bytes: 0, bytesPerSecond: 0, isOver: false },
      { bytes: 140e3, bytesPerSecond: 280e3, isOver: false },
    ]);
    expect(heard.map((download) => download?.bytes)).toEqual([0, 140e3, 187.3e3, 9866.3e3, 10.2e6]);
    expect(heard.at(-1)).toEqual({ bytes: 10.2e6, total: 10.2e6, bytesPerSecond: 5227e3, isOver: true });
  });

  it('knows how much there is where apt does, and begins anew with each call of it', () => {
    expect(told([...lists, ...packages]).slice(lists.length)).toEqual([
      undefined,
      undefined,
      { bytes: 0, total: 955e3, bytesPerSecond: 0, isOver: false },
      { bytes: 955e3, total: 955e3, bytesPerSecond: 28.4e6, isOver: true },
    ]);
  });

  it('takes what is still needed for the whole, when some of it is there', () => {
    const [, first] = told(['Need to get 1024 B/12.5 MB of archives.', packages[2] ?? '']);
    expect(first).toMatchObject({ total: 1024 });
  });

  it('tells nothing of other lines', () => {
    const heard: Download[] = [];
    const take = aptLines((download) => heard.push(download));
    for (const line of ['I: downloading packages with apt...', 'Setting up libc6 (2.41-12) ...', ''])
      take(line);
    expect(heard).toEqual([]);
    take(packages[3] ?? '');
    expect(heard).toHaveLength(1);
  });
});
