import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ResultDocument } from '../../../../../src/report/document/documentSchema.js';
import { packageRoot } from '../../../../../src/support/packageRoot.js';
import { folder, lvsLab } from '../../harness.js';

const fixtures = join(packageRoot, 'test', 'fixtures');
const copied = (...from: readonly string[]): string => {
  const run = folder();
  cpSync(join(fixtures, ...from), join(run, 'close-client-reset'), { recursive: true });
  return run;
};

describe('lvs-lab explain', () => {
  it('says who is to blame, by file and line, with every fact', async () => {
    const { code, out } = await lvsLab(['explain', copied('explained', 'client-reset')]);
    expect(code).toBe(0);
    const text = out.replaceAll(/\s+/g, ' ');
    expect(text).toContain(
      'to blame: rule `-A INPUT -j REJECT --reject-with icmp-host-prohibited` on director (scenarios/rules/stock.iptables:10)',
    );
    expect(text).toContain('connection tracking called it INVALID');
    expect(text).toContain('connection tracking on director never had an entry of the connection');
  });

  it('has the same as data', async () => {
    const { out } = await lvsLab(['explain', '--json', copied('explained', 'client-reset')]);
    const [scenario] = (JSON.parse(out) as ResultDocument).scenarios;
    expect(scenario?.verdict?.explanation?.blame).toMatchObject({ kind: 'rule', line: 10, node: 'director' });
  });

  it('ends with 5 where nobody followed packets, and says how to have it done', async () => {
    const { code, err } = await lvsLab(['explain', copied('runs', 'close-server-first')]);
    expect(code).toBe(5);
    expect(err).toContain('made without --explain');
    expect(err).toContain('lvs-lab run --explain SCENARIO');
  });

  it('is shorter in what `judge` prints, unless all is asked for', async () => {
    const run = copied('explained', 'client-reset');
    const brief = (await lvsLab(['judge', run])).out;
    expect(brief).toContain('to blame: rule');
    expect(brief).not.toContain('never had an entry of the connection');
    expect((await lvsLab(['judge', '--verbose', run])).out.replaceAll(/\s+/g, ' ')).toContain(
      'never had an entry of the connection',
    );
  });
});
