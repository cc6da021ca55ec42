import { chmod } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { largestFile } from '../../../../src/scenario/file/yaml/readFile.js';
import { loadScenario } from '../../../../src/scenario/file/loadScenario.js';
import { ExitCode, UsageError } from '../../../../src/support/errors.js';
import { minimal, problemsOf, scenarioOf, withFile } from '../scenarioFile.js';

const noRules = {
  ipset: undefined,
  rules: undefined,
  rules6: undefined,
  nftables: undefined,
  commands: [],
};

describe('a valid file', () => {
  it('gets defaults for all it leaves out', async () => {
    const scenario = await scenarioOf(minimal);
    expect(scenario).toMatchObject({
      id: 'close/example',
      tags: [],
      measuredOn: [],
      links: [],
      topology: {
        forwarding: 'dr',
        family: 'ipv4',
        network: 'flat',
        directors: 1,
        sync: false,
        realservers: 2,
        localRealserver: false,
        replies: 'direct',
        services: [{ port: 80, scheduler: 'rr' }],
        links: {},
        addresses: {},
      },
      load: {
        connections: 10,
        every: 0,
        requests: 1,
        upload: 0,
        download: 0,
        rate: 0,
        idle: 0,
        connect: 'non-blocking',
        ports: 'own',
        reopen: false,
        close: { first: 'server', how: 'fin', after: 0 },
      },
      events: [],
      deadlines: { ready: 60, drive: 60, settle: 30, collect: 60, quiet: 3 },
      mutation: undefined,
    });
    expect(scenario.expect).toEqual({ outcome: 'healthy' });
    expect(scenario.topology.subnet ?? scenario.topology.vip).toBeUndefined();
    for (const role of ['client', 'router', 'director', 'realserver'] as const) {
      expect(scenario.roles[role]).toEqual({ ...noRules, iptables: 'nft', sysctls: {} });
    }
  });

  it('keeps what it says', async () => {
    const scenario = await scenarioOf(`id: close/example
title: An example
story: |
  One line.
  Another.
why: For a reason.
tags: [close, slow]
measured-on: [6.1.0-56-amd64]
see: ['https://example.org/report']
topology:
  forwarding: tun
  network: routed
  directors: 2
  sync: true
  realservers: 1
  local-realserver: true
  replies: director
  services:
    - { port: 8080, scheduler: sh, persistent: 5m }
    - { port: 8081, fwmark: 7 }
  links: { router: { delay: 20ms, loss: 0.5 } }
  subnet: 10.7.0.0/28
  vip: 10.7.0.14
  addresses: { router: 10.7.0.2, realserver1: 10.7.0.13 }
director:
  iptables: legacy
  sysctls: { net.ipv4.icmp_ratelimit: 0, net.ipv4.tcp_rmem: 4096 87380 6291456 }
  rules: |
    *filter
    -A INPUT -j DROP
    COMMIT
router:
  ipset: create x hash:ip
  rules6: "*filter\\nCOMMIT"
  nftables: table inet t {}
  commands: [iptables -F]
load:
  connections: 1000
  every: 10ms
  requests: 2
  download: 1.5MiB
  rate: 1MiB
  idle: 5s
  ports: kernel
  reopen: true
  close: { first: client, how: half-close }
expect: { outcome: close-blocked, signal: { icmp: 3/10, from: director }, connect: { at-least: 900ms } }
deadlines: { ready: 500ms, drive: 2m, settle: 1.5s, collect: 60m, quiet: 1s }
`);
    expect(scenario.story).toBe('One line.\nAnother.');
    expect(scenario.tags).toEqual(['close', 'slow']);
    expect(scenario.measuredOn).toEqual(['6.1.0-56-amd64']);
    expect(scenario.links).toEqual([{ url: 'https://example.org/report' }]);
    expect(scenario.topology).toEqual({
      forwarding: 'tun',
      family: 'ipv4',
      network: 'routed',
      directors: 2,
      sync: true,
      realservers: 1,
      localRealserver: true,
      replies: 'director',
      services: [
        { port: 8080, scheduler: 'sh', persistent: 300, fwmark: undefined },
        { port: 8081, scheduler: 'rr', persistent: undefined, fwmark: 7 },
      ],
      links: { router: { delay: 0.02, loss: 0.5 } },
      subnet: '10.7.0.0/28',
      vip: '10.7.0.14',
      addresses: { router: '10.7.0.2', realserver1: '10.7.0.13' },
    });
    expect(scenario.roles.director).toEqual({
      ...noRules,
      iptables: 'legacy',
      sysctls: { 'net.ipv4.icmp_ratelimit': '0', 'net.ipv4.tcp_rmem': '4096 87380 6291456' },
      rules: '*filter\n-A INPUT -j DROP\nCOMMIT\n',
    });
    expect(scenario.roles.router).toEqual({
      iptables: 'nft',
      sysctls: {},
      ipset: 'create x hash:ip',
      rules: undefined,
      rules6: '*filter\nCOMMIT',
      nftables: 'table inet t {}',
      commands: ['iptables -F'],
    });
    expect(scenario.load).toEqual({
      connections: 1000,
      every: 0.01,
      requests: 2,
      upload: 0,
      download: 1572864,
      rate: 1048576,
      idle: 5,
      connect: 'non-blocking',
      ports: 'kernel',
      reopen: true,
      close: { first: 'client', how: 'half-close', after: 0 },
    });
    expect(scenario.expect).toEqual({
      outcome: 'close-blocked',
      signal: { kind: 'icmp', type: 3, code: 10, from: 'director' },
      connect: { atLeast: 0.9, atMost: undefined },
    });
    expect(scenario.deadlines).toEqual({ ready: 0.5, drive: 120, settle: 1.5, collect: 3600, quiet: 1 });
  });

  it('gets a routed network with NAT', async () => {
    const scenario = await scenarioOf(`${minimal}topology: { forwarding: nat }\n`);
    expect(scenario.topology.network).toBe('routed');
  });

  it('has its events in order, each with the flavour of its node', async () => {
    const scenario = await scenarioOf(`${minimal}topology: { directors: 2 }
director: { iptables: legacy }
events:
  - { at: settled, on: director2, commands: ['iptables -F'] }
  - { at: 2s, on: realserver1, iptables: legacy, nftables: flush ruleset }
  - { at: connected, on: client, sysctls: { net.ipv4.tcp_sack: 0 } }
  - { at: 1s, on: client, run: conntrack -F }
  - { at: 3s, on: realserver2, do: stop-server }
  - { at: 3s, on: director2, do: take-vip }
`);
    expect(scenario.events).toEqual([
      {
        at: 'settled',
        node: 'director2',
        action: { kind: 'rules', iptables: 'legacy', rules: { ...noRules, commands: ['iptables -F'] } },
      },
      {
        at: 2,
        node: 'realserver1',
        action: { kind: 'rules', iptables: 'legacy', rules: { ...noRules, nftables: 'flush ruleset' } },
      },
      {
        at: 'connected',
        node: 'client',
        action: { kind: 'sysctls', sysctls: { 'net.ipv4.tcp_sack': '0' } },
      },
      { at: 1, node: 'client', action: { kind: 'run', command: 'conntrack -F' } },
      { at: 3, node: 'realserver2', action: { kind: 'stop-server' } },
      { at: 3, node: 'director2', action: { kind: 'take-vip' } },
    ]);
  });

  it.each([
    ['silence', { kind: 'silence' }],
    ['{ tcp-reset: { from: realserver } }', { kind: 'tcp-reset', from: 'realserver' }],
    ['{ icmp: 3/13, from: client }', { kind: 'icmp', type: 3, code: 13, from: 'client' }],
  ])('reads the signal %s', async (signal, expected) => {
    const scenario = await scenarioOf(
      minimal.replace('outcome: healthy', `outcome: close-blocked, signal: ${signal}`),
    );
    expect(scenario.expect.signal).toEqual(expected);
  });

  it('knows where it came from and what its bytes were', async () => {
    await withFile(minimal, async (file) => {
      const scenario = await loadScenario(file);
      expect(scenario.file).toBe(file);
      expect(scenario.hash).toBe(createHash('sha256').update(minimal).digest('hex'));
    });
  });

  it('is frozen all the way down', async () => {
    const scenario = await scenarioOf(minimal);
    expect(Object.isFrozen(scenario)).toBe(true);
    expect(Object.isFrozen(scenario.roles.director.sysctls)).toBe(true);
  });
});

describe('problems', () => {
  it('all come in one usage error, in the order of the file', async () => {
    const text = minimal
      .replace('title:', 'titel:')
      .replace('healthy', 'helthy')
      .replace('first: server', 'first: sever')
      .concat('topology: { realservers: 9 }\n');
    expect(await problemsOf(text)).toEqual([
      'FILE:2:1: unknown key `titel`; did you mean `title`?',
      'FILE:5:25: expected one of `server`, `client`, found the text `sever`; did you mean `server`?',
      'FILE:6:20: expected one of `healthy`, `bypassed`, `close-blocked`, `data-lost`, `transfer-blocked`, `handshake-blocked`, ' +
        '`unreachable`, `ports-exhausted`, `answered`, `answered-stale`, `unanswered`, found the text `helthy`; did you mean `healthy`?',
      'FILE:7:26: expected at most 8, found `9`',
    ]);
  });

  it('show the path relative to the working directory and end with the exit code for bad usage', async () => {
    await withFile('id: x\n', async (file) => {
      const error: unknown = await loadScenario(file).catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(UsageError);
      expect((error as UsageError).exitCode).toBe(ExitCode.usage);
      expect(
        (error as UsageError).message.startsWith(`${relative(process.cwd(), file)}:1:1: missing key`),
      ).toBe(true);
      expect((error as UsageError).hint).toContain('lvs-lab validate');
    });
  });

  it('include an id that is not where the file is', async () => {
    expect(await problemsOf(minimal, 'close/other')).toEqual([
      "FILE:1:5: expected `close/other`, which is the file's path below its library, found `close/example`",
    ]);
    await withFile(minimal, (file) => loadScenario(file, { id: 'close/example' }));
  });
});

describe('the file itself', () => {
  it('must be there', async () => {
    await expect(loadScenario('/nowhere/at-all.yaml')).rejects.toThrow(
      /nowhere\/at-all\.yaml: expected a scenario file, found no such file$/,
    );
  });

  it('must not be a directory', async () => {
    await expect(loadScenario(tmpdir())).rejects.toThrow(/: expected a regular file, found a directory$/);
  });

  it('must be readable', async () => {
    await withFile(minimal, async (file) => {
      await chmod(file, 0);
      await asOrdinaryUser(() =>
        expect(loadScenario(file)).rejects.toThrow(/found one without read permission$/),
      );
    });
  });

  it('must not be larger than 6 MiB', async () => {
    const filler = `${minimal}#`;
    const atLimit = filler + 'x'.repeat(largestFile - filler.length);
    expect((await scenarioOf(atLimit)).id).toBe('close/example');
    expect(await problemsOf(`${atLimit}x`)).toEqual(['FILE: expected at most 6.0 MiB, found 6.0 MiB']);
  });

  it('must be UTF-8', async () => {
    expect(await problemsOf(Buffer.from('id: ü', 'latin1'))).toEqual([
      'FILE:1:5: expected text in UTF-8, found the byte 0xfc; `iconv -f LATIN1 -t UTF-8` makes UTF-8 of a text in Latin-1',
    ]);
    expect((await scenarioOf(`# ü\n${minimal}`)).id).toBe('close/example');
  });
});

/** Root reads everything, so permissions can only be seen as somebody else. */
async function asOrdinaryUser(use: () => Promise<void>): Promise<void> {
  const isRoot = process.geteuid?.() === 0;
  if (isRoot) process.seteuid?.(65534);
  try {
    await use();
  } finally {
    if (isRoot) process.seteuid?.(0);
  }
}
