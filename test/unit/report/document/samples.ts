import type { EngineRecord } from '../../../../src/run/model/engineRecord.js';
import type { RunReport } from '../../../../src/report/document/resultDocument.js';
import { RulesError } from '../../../../src/run/nodes/rulesError.js';
import { LabError } from '../../../../src/support/errors.js';
import { blocked, blockedFlows, failed, identity, inconclusive, passed, resultWith } from '../samples.js';

export const engine: EngineRecord = {
  kernel: 'debian:bookworm',
  image: 'debian:trixie',
  identity,
  provenance: {
    tool: '0.1.0',
    kernel: {
      release: '6.1.0-40-amd64',
      version: '#1 SMP Debian 6.1.153-1',
      buildId: 'abcd',
      config: { sha256: '0123456789abcdef', from: '/boot/config-6.1.0-40-amd64' },
      modules: { ip_vs: 'aa', nf_conntrack: 'bb' },
    },
    engine: { Engine: '26.1.5', containerd: '1.7.24' },
    roles: {
      director: {
        image: { reference: 'lvs-lab/director:1', id: 'sha256:1122334455667788', digests: [] },
        system: 'Debian GNU/Linux 13 (trixie)',
        iptables: 'iptables v1.8.11 (nf_tables)',
        packages: { iptables: '1.8.11-2', ipvsadm: '1:1.31-3' },
        sysctls: { 'net.ipv4.vs.conntrack': '0' },
      },
    },
    problems: [],
  },
};

/** What text may hold that ends up in reports: each of these ends or starts something in one of the formats. */
export const hostile =
  'a ]]> b\r\n::error title=x::y%0A\u0007\u001b[31m\u0000 <b>&amp;</b> | `c` [l](u) &#0; &none;\nok 1 x # SKIP\n    not ok 2\ud800';

const cell = (iptables: 'nft' | 'legacy') => ({
  kernel: 'debian:bookworm',
  image: 'debian:trixie',
  iptables,
});

/** One result of each kind in one cell, and one in another, of a run that ended early. */
export const ended: RunReport = {
  version: '0.1.0',
  runId: 'k3v9q2xa',
  directory: '/runs/r',
  engines: [engine],
  seed: 'abc',
  exitCode: 2,
  results: [
    { ...resultWith({ verdict: passed }), cell: cell('nft'), file: '/repo/s/close.yaml', hash: 'ff00' },
    {
      ...resultWith({ verdict: { ...failed, reasons: [hostile] } }, { scenario: 'close/fixed' }),
      cell: cell('nft'),
    },
    { ...resultWith({ verdict: inconclusive }, { scenario: 'open/slow', repeat: 2 }), cell: cell('nft') },
    {
      ...resultWith(
        { error: new LabError(hostile, { details: hostile, hint: 'look', cause: new Error('why') }) },
        { scenario: 'open/gone' },
      ),
      cell: cell('nft'),
    },
    {
      ...resultWith({ error: new RulesError('rules.yaml:3:5: no such match') }, { scenario: 'close/rules' }),
      cell: cell('legacy'),
    },
  ].map((result) => ({ ...result, directory: `/runs/r/${result.job.replace('/', '-')}` })),
  error: new LabError(`QEMU was killed ${hostile}`),
};

/** With numbers of flows. */
export const withFlows = {
  ...passed,
  measured: { ...blocked, numbers: { ...blocked.numbers, flows: blockedFlows } },
};
