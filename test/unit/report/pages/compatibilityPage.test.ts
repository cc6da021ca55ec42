import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { compatibilityPage } from '../../../../src/report/pages/compatibilityPage.js';
import { parseResults } from '../../../../src/report/document/parseResults.js';
import type { EngineRecord } from '../../../../src/run/model/engineRecord.js';
import type { Cell } from '../../../../src/run/model/cell.js';
import type { ScenarioResult } from '../../../../src/run/model/scenarioResult.js';
import { packageRoot } from '../../../../src/support/packageRoot.js';
import { engine } from '../document/samples.js';
import { failed, passed, resultWith } from '../samples.js';

const docs = join(packageRoot, 'docs');
const recorded = 'compatibility/results.json';

const inCell = (
  cell: Partial<Cell>,
  ended: Parameters<typeof resultWith>[0],
  folder: string,
): ScenarioResult => ({
  ...resultWith(ended),
  cell: { kernel: 'debian:bookworm', image: 'debian:trixie', iptables: undefined, ...cell },
  directory: `/set/${folder}`,
});

const pageOf = (...results: readonly ScenarioResult[]) =>
  compatibilityPage({ results, engines: [engine], directory: '/set' }, 'set.json');

const row = (page: string) => page.split('\n').find((line) => line.startsWith('| [close/server-first]'));

describe('the compatibility page', () => {
  it('is the one in docs/; `npm run docs` writes it', async () => {
    const results = parseResults(await readFile(join(docs, recorded), 'utf8'), recorded, docs);
    expect(await readFile(join(docs, 'compatibility.md'), 'utf8')).toBe(compatibilityPage(results, recorded));
  });

  it('links each cell to its evidence', () => {
    const page = pageOf(
      inCell({ iptables: 'nft' }, { verdict: passed }, 'k+i/close-server-first@nft'),
      inCell({ iptables: 'legacy' }, { verdict: passed }, 'k+i/close-server-first@legacy'),
    );
    expect(page).toContain('| scenario | expected | debian:bookworm, nft | debian:bookworm, legacy |');
    expect(row(page)).toContain(
      '[close-blocked](set.json "k+i/close-server-first@nft") | [close-blocked](set.json "k+i/close-server-first@legacy") |',
    );
    expect(page).toContain('2 runs of 1 scenarios, 2 of them with the outcome');
  });

  it('makes what was not expected stand out', () => {
    const page = pageOf(
      inCell({ iptables: 'nft' }, { verdict: failed }, 'a'),
      inCell({ iptables: 'legacy' }, { error: new Error('gone') }, 'b'),
    );
    expect(row(page)).toMatch(/\[\*\*[^*]+\*\*\]\(set\.json "a"\) \| \[\*\*broke\*\*\]\(set\.json "b"\) \|$/);
    expect(page).toContain('2 runs of 1 scenarios, 0 of them with the outcome');
  });

  it('says what packages an image has, and which kernels there were', () => {
    const page = pageOf(inCell({}, { verdict: passed }, 'a'));
    expect(page).toContain('Debian GNU/Linux 13 (trixie): iptables 1.8.11-2, ipvsadm 1:1.31-3.');
    expect(page).toContain('| abcd |');
    expect(page).toContain('debian:bookworm, as its file says');
  });

  it('says what was put into an image, with the version that it has then', () => {
    const { provenance } = engine;
    const director = provenance!.roles['director']!;
    const patched: EngineRecord = {
      ...engine,
      image: 'debian:trixie+patched',
      provenance: {
        ...provenance!,
        roles: {
          director: {
            ...director,
            image: {
              ...director.image!,
              tools: [
                { name: 'iptables_1.8.11-2+lab1_amd64.deb', sha256: '0123456789abcdef' },
                { name: 'ipvsadm', sha256: 'fedcba9876543210', path: '/usr/sbin/ipvsadm' },
              ],
            },
            packages: { ...director.packages, iptables: '1.8.11-2+lab1' },
          },
        },
      },
    };
    const results = [
      inCell({}, { verdict: passed }, 'a'),
      inCell({ image: 'debian:trixie+patched' }, { verdict: passed }, 'b'),
    ];
    const page = compatibilityPage({ results, engines: [engine, patched], directory: '/set' }, 'set.json');
    expect(page.match(/^Debian GNU.*$/gm)).toEqual([
      'Debian GNU/Linux 13 (trixie): iptables 1.8.11-2, ipvsadm 1:1.31-3.',
      'Debian GNU/Linux 13 (trixie): iptables 1.8.11-2+lab1, ipvsadm 1:1.31-3, with iptables_1.8.11-2+lab1_amd64.deb (0123456789ab), /usr/sbin/ipvsadm is ipvsadm (fedcba987654).',
    ]);
    expect(page).toMatch(/^## .*debian:trixie\+patched$/m);
  });
});
