import { describe, expect, it } from 'vitest';
import { minimal, problemsOf, scenarioOf } from '../scenarioFile.js';

/** Problems of the minimal scenario with lines added; the first of them is line 7. */
function problemsWith(lines: string): Promise<readonly string[]> {
  return problemsOf(`${minimal}${lines}\n`);
}

describe('keys', () => {
  it.each(['id', 'title', 'load', 'expect'])('%s must be there', async (key) => {
    const without = minimal
      .split('\n')
      .filter((line) => !line.startsWith(`${key}:`))
      .join('\n');
    const problems = await problemsOf(`# comment\n${without}`);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(new RegExp(`^FILE:2:1: missing key \`${key}\`: \\S`));
  });

  it('missing below the top are shown at the key above', async () => {
    expect(await problemsOf(minimal.replace('close: { first: server }', 'close: {}'))).toEqual([
      'FILE:5:9: missing key `first`: Which side closes first.',
    ]);
  });

  it.each([
    ['topolgy: {}', 'FILE:7:1: unknown key `topolgy`; did you mean `topology`?'],
    ['director: { rulez: x }', 'FILE:7:13: unknown key `rulez`; did you mean `rules`?'],
    ['topology: { forwardin: dr }', 'FILE:7:13: unknown key `forwardin`; did you mean `forwarding`?'],
    [
      'topology: { services: [{ port: 80, schedular: rr }] }',
      'FILE:7:36: unknown key `schedular`; did you mean `scheduler`?',
    ],
    ['deadlines: { reday: 1s }', 'FILE:7:14: unknown key `reday`; did you mean `ready`?'],
    [
      'deadlines: { overall: 1s }',
      'FILE:7:14: unknown key `overall`; expected one of `ready`, `drive`, `settle`, `collect`, `quiet`',
    ],
  ])('unknown: %s', async (lines, problem) => {
    expect(await problemsWith(lines)).toEqual([problem]);
  });

  it('called like parts of JavaScript are unknown as any other', async () => {
    const problems = await problemsWith('__proto__: { id: x }\nconstructor: 1');
    expect(problems.map((problem) => problem.split(';')[0])).toEqual([
      'FILE:7:1: unknown key `__proto__`',
      'FILE:8:1: unknown key `constructor`',
    ]);
  });

  it('without a value are no maps', async () => {
    expect(await problemsWith('director:')).toEqual([
      'FILE:7:1: expected a map of keys and values, found nothing',
    ]);
  });
});

describe('values', () => {
  it.each([
    ['topology: { realservers: 0 }', 'FILE:7:26: expected at least 1, found `0`'],
    ['topology: { realservers: 100000000 }', 'FILE:7:26: expected at most 8, found `100000000`'],
    ['topology: { realservers: two }', 'FILE:7:26: expected a number, found the text `two`'],
    ['topology: { realservers: 1.5 }', 'FILE:7:26: expected a whole number, found `1.5`'],
    ['topology: { services: [{ port: 65536 }] }', 'FILE:7:32: expected at most 65535, found `65536`'],
    ['topology: { forwarding: gre }', 'FILE:7:25: expected one of `dr`, `tun`, `nat`, found the text `gre`'],
    ['topology: { directors: 3 }', 'FILE:7:24: expected one of `1`, `2`, found `3`'],
    [
      'see: [ftp://example.org]',
      'FILE:7:7: expected a URL that starts with `https://`, found the text `ftp://example.org`',
    ],
    [
      'measured-on: [bookworm]',
      'FILE:7:15: expected a kernel release such as `6.1.0-56-amd64`, found the text `bookworm`',
    ],
    ['topology: { sync: yes }', 'FILE:7:19: expected `true` or `false`, found the text `yes`'],
    [
      'director: { sysctls: { net.ipv4.ip_forward: "1 " } }',
      'FILE:7:45: expected the value on one line, without blanks around it, found the text `1`',
    ],
    ['tags: close', 'FILE:7:7: expected a list, found the text `close`'],
    ['tags: [ok, Not OK]', 'FILE:7:12: expected lower-case words and dashes, found the text `Not OK`'],
    [
      'client: { iptables: nftables }',
      'FILE:7:21: expected one of `nft`, `legacy`, found the text `nftables`',
    ],
    [
      'client: { iptables: legcy }',
      'FILE:7:21: expected one of `nft`, `legacy`, found the text `legcy`; did you mean `legacy`?',
    ],
  ])('%s', async (lines, problem) => {
    expect(await problemsWith(lines)).toEqual([problem]);
  });

  it.each([
    ['1e400', 'expected a number, found `1e400`, which is too large for a number'],
    ['-1e400', 'expected a number, found `-1e400`, which is too large for a number'],
    ['.inf', 'expected a number, found `.inf`, which is no finite number'],
    ['.nan', 'expected a number, found `.nan`, which is no number'],
    ['9007199254740993', 'expected at most LIMIT, found `9007199254740993`, which is too large to be exact'],
    [
      '0x10000000000000000',
      'expected at most LIMIT, found `0x10000000000000000`, which is too large to be exact',
    ],
    ['0x100001', 'expected at most LIMIT, found `0x100001` (1048577)'],
    ['0o4000001', 'expected at most LIMIT, found `0o4000001` (1048577)'],
    ['-0', 'expected at least 1, found `-0`'],
  ])('the number %s, which no key takes', async (number, problem) => {
    for (const [line, column, limit] of [
      ['topology: { realservers: # }', 26, '8'],
      ['topology: { services: [{ port: 80, realserver-port: # }] }', 53, '65535'],
      ['flows: { rate: 5, count: #, conversation: server-first }', 26, '1000000'],
    ] as const)
      expect(await problemsWith(line.replace('#', number))).toEqual([
        `FILE:7:${String(column)}: ${problem.replace('LIMIT', limit)}`,
      ]);
  });

  it.each(['0x50', '0o120', '80.0', '8e1', '+80'])('the port %s is 80', async (port) => {
    const { topology } = await scenarioOf(`${minimal}topology: { services: [{ port: ${port} }] }\n`);
    expect(topology.services.map((service) => service.port)).toEqual([80]);
  });

  it('a number where text or bytes belong', async () => {
    expect(await problemsOf(minimal.replace('An example', '1e400'))).toEqual([
      'FILE:2:8: expected text, found the number `1e400`; in quotes it is text',
    ]);
    const huge = minimal.replace('load: {', `load: { upload: ${'9'.repeat(400)}MiB,`);
    expect(await problemsOf(huge)).toEqual([
      'FILE:5:17: expected 0 to 1024 MiB, found more bytes than can be counted',
    ]);
  });

  it('no connections is the one thing wrong', async () => {
    expect(await problemsOf(minimal.replace('load: {', 'load: { connections: -1,'))).toEqual([
      'FILE:5:22: expected at least 1, found `-1`',
    ]);
  });

  it('an IPVS scheduler by a wrong name', async () => {
    const [problem, ...others] = await problemsWith('topology:\n  services: [{ port: 80, scheduler: wllc }]');
    expect(problem).toMatch(
      /^FILE:8:37: expected one of `rr`, .*found the text `wllc`; did you mean `wlc`\?$/,
    );
    expect(others).toEqual([]);
  });

  it.each([
    ['Close/x', false],
    ['close', false],
    ['close/a/b', false],
    ['close-it/x', false],
    ['close/server-', false],
    ['5', false],
    ['close/2-segments', true],
  ])('id %s', async (id, valid) => {
    const text = minimal.replace('close/example', id);
    if (valid) expect((await scenarioOf(text)).id).toBe(id);
    else
      expect((await problemsOf(text))[0]).toMatch(/^FILE:1:5: expected `<topic>\/<behaviour>` in lower case/);
  });

  it('text that is none', async () => {
    const text = minimal.replace('Something happens.', '"  "').replace('For a reason.', '7');
    expect(await problemsOf(text)).toEqual([
      'FILE:3:8: expected some text, found nothing',
      'FILE:4:6: expected text, found the number `7`; in quotes it is text',
    ]);
  });

  it('a title of two lines', async () => {
    expect(await problemsOf(minimal.replace('An example', '"An\\nexample"'))).toEqual([
      'FILE:2:8: expected one line, found the text `An`',
    ]);
  });
});

describe('durations', () => {
  it.each([
    ['5', 'expected a duration such as `500ms`, `15s` or `2m`, found `5`'],
    ['2h', 'expected a duration such as `500ms`, `15s` or `2m`, found the text `2h`'],
    ['-1s', 'expected a duration such as `500ms`, `15s` or `2m`, found the text `-1s`'],
    ['0s', 'expected a duration above 0 and at most 60m, found `0s`'],
    ['61m', 'expected a duration above 0 and at most 60m, found `61m`'],
  ])('%s', async (duration, problem) => {
    expect(await problemsWith(`deadlines:\n  settle: ${duration}`)).toEqual([`FILE:8:11: ${problem}`]);
  });
});

describe('sysctls', () => {
  it('must start with net.', async () => {
    expect(
      await problemsWith('director:\n  sysctls:\n    kernel.panic: 1\n    net.ipv4.tcp_fin_timeout: 5'),
    ).toEqual([
      'FILE:9:5: expected a sysctl of a network namespace, which starts with `net.`, found `kernel.panic`',
    ]);
  });

  it('must have plain values', async () => {
    expect(await problemsWith('director:\n  sysctls:\n    net.x: [1]\n    net.y: "1\\n2"')).toEqual([
      'FILE:9:12: expected a number or text, found a list',
      'FILE:10:12: expected the value on one line, without blanks around it, found the text `1`',
    ]);
  });
});

describe('rules', () => {
  it('must have a table line', async () => {
    expect(await problemsWith('director:\n  rules: |\n    -A INPUT -j DROP\n    COMMIT')).toEqual([
      'FILE:8:10: expected iptables-save text with a table line such as `*filter`, found none',
    ]);
    const folded = 'director:\n  rules: >\n    *filter\n    :INPUT DROP [0:0]\n    COMMIT';
    expect(await problemsWith(folded)).toEqual([
      'FILE:8:10: expected iptables-save text with a table line such as `*filter`, found `*filter :INPUT DROP [0:0] COMMIT` in one line; below `|` YAML keeps lines as they are',
    ]);
  });

  it('must have a COMMIT for every table', async () => {
    const missing = (table: string, line: number, found = 'the end of the text') =>
      `FILE:${line}:5: expected a line \`COMMIT\` at the end of table \`*${table}\`, found ${found}`;
    expect(await problemsWith('realserver:\n  rules: |\n    *filter\n    -A INPUT -j DROP')).toEqual([
      missing('filter', 10),
    ]);
    expect(await problemsWith('realserver:\n  rules: |\n    *raw\n    *filter\n    COMMIT')).toEqual([
      missing('raw', 10, '`*filter`'),
    ]);
    expect(await problemsWith('realserver:\n  rules: |\n    *raw\n    COMMIT\n    *filter\n')).toEqual([
      missing('filter', 11),
    ]);
  });

  it.each([
    [
      '*filter\n    -A INPUT -j DROP\n    COMMIT ',
      'FILE:11:5: expected no blank behind `COMMIT`, found one; ',
    ],
    ['*filter\n      COMMIT', 'FILE:10:5: expected no blank before `COMMIT`, found one; '],
    [
      '*raw\n    COMMIT\n      *filter\n    COMMIT',
      'FILE:11:5: expected no blank before `*filter`, found one; ',
    ],
    [
      '*filter\n     :INPUT ACCEPT [0:0]\n    COMMIT',
      'FILE:10:5: expected no blank before `:INPUT ACCEPT [0:0]`',
    ],
  ])('must have the words that iptables-restore knows by their lines: %j', async (text, problem) => {
    const problems = await problemsWith(`director:\n  rules: |\n    ${text}\n`);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(problem);
  });

  it.each([
    ['xx\n    *filter\n    COMMIT', 9, 'xx'],
    ['*filter\n    COMMIT\n    garbage', 11, 'garbage'],
    ['*filter\n    COMMIT\n    -A INPUT -j DROP', 11, '-A INPUT -j DROP'],
    ['*filter\n    COMMIT\n    COMMIT', 11, 'COMMIT'],
  ])('must have nothing but comments outside of tables: %j', async (text, line, found) => {
    expect(await problemsWith(`director:\n  rules: |\n    ${text}\n`)).toEqual([
      `FILE:${line}:5: expected a table line such as \`*filter\`, or a comment, outside of tables, found \`${found}\`; iptables-restore refuses the line`,
    ]);
    const mended = text.replace(found, `# ${found}`);
    expect(
      (await scenarioOf(`${minimal}director:\n  rules: |\n    ${mended}\n`)).roles.director.rules,
    ).toContain(`# ${found}`);
  });

  it('must not have lines of nothing but blanks', async () => {
    const problem =
      'FILE:10:5: expected a line with something in it, or an empty one, found one of blanks; iptables-restore refuses it';
    expect(await problemsWith('director:\n  rules: |\n    *filter\n      \n    COMMIT\n')).toEqual([problem]);
    const empty = await scenarioOf(`${minimal}director:\n  rules: |\n    *filter\n\n    COMMIT\n`);
    expect(empty.roles.director.rules).toBe('*filter\n\nCOMMIT\n');
  });

  it.each([
    ['rules: set.ipt', 'the output of iptables-save or ip6tables-save', 'rules', 'set.ipt'],
    ['rules6: ./my rules', 'the output of iptables-save or ip6tables-save', 'rules6', './my rules'],
    ['nftables: my.nft', 'nftables rules', 'nftables', 'my.nft'],
    ['nftables: /etc/nftables.conf', 'nftables rules', 'nftables', '/etc/nftables.conf'],
    ['ipset: my.ipset', 'the input of `ipset restore`', 'ipset', 'my.ipset'],
  ])('must not be the name of a file: %s', async (line, expected, key, name) => {
    const place = `FILE:8:${key.length + 5}`;
    expect(await problemsWith(`director:\n  ${line}\n`)).toEqual([
      `${place}: expected ${expected}, found \`${name}\` and nothing else; a file that has it is named so: \`${key}: { file: ${name} }\``,
    ]);
  });

  it.each([
    ['nftables', '*filter\n    COMMIT', 'nftables rules', 'that goes below `rules` or `rules6`'],
    ['ipset', '*filter\n    COMMIT', 'the input of `ipset restore`', 'that goes below `rules` or `rules6`'],
    [
      'rules',
      'table ip t { }',
      'the output of iptables-save or ip6tables-save',
      'that goes below `nftables`',
    ],
    ['rules', 'create s hash:ip', 'the output of iptables-save or ip6tables-save', 'that goes below `ipset`'],
    ['ipset', 'ipset create s hash:ip', 'the input of `ipset restore`', 'its lines may go below `commands`'],
    [
      'rules',
      'Chain INPUT (policy DROP 0 packets, 0 bytes)',
      'the output of iptables-save or ip6tables-save',
      'found what `iptables -L` prints; take what `iptables-save` prints',
    ],
    [
      'rules',
      '-A -t 192.0.2.1:80 -s wlc',
      'the output of iptables-save or ip6tables-save',
      'found what `ipvsadm` prints; what `ipvsadm -Sn` prints goes below `topology.services.ipvsadm`',
    ],
    [
      'nftables',
      '{"nftables": []}',
      'nftables rules',
      'found nftables rules as JSON; take what `nft list ruleset` prints without `-j`',
    ],
    [
      'rules',
      'vrrp_instance VI_1 {',
      'the output of iptables-save or ip6tables-save',
      'its virtual servers go below `topology.services`',
    ],
    ['ipset', 'add table inet t', 'the input of `ipset restore`', 'that goes below `nftables`'],
    [
      'rules6',
      '#!/bin/sh\n    ip6tables -F',
      'the output of iptables-save or ip6tables-save',
      'below `commands`',
    ],
  ])('must be of the kind that the key takes: %s: %j', async (key, text, expected, advice) => {
    const [problem, ...more] = await problemsWith(`director:\n  ${key}: |\n    ${text}\n`);
    expect(more).toEqual([]);
    expect(problem).toMatch(/^FILE:9:5: /);
    expect(problem).toContain(`: expected ${expected}, found `);
    expect(problem).toContain(advice);
  });

  it.each([
    ['nftables', 'add table ip t'],
    ['nftables', '#!/usr/sbin/nft -f\n    flush ruleset'],
    ['nftables', 'define lan = eth0\n    table ip t { }'],
    ['ipset', 'create table hash:ip\n    add table 192.0.2.1'],
    ['ipset', 'add table 192.0.2.1,tcp:80'],
    ['rules', '# none\n    *filter\n    COMMIT'],
  ])('may begin as others do where the key takes it: %s: %j', async (key, text) => {
    expect((await scenarioOf(`${minimal}director:\n  ${key}: |\n    ${text}\n`)).id).toBe('close/example');
  });

  it('may have blanks where iptables-restore does not mind them', async () => {
    const lines =
      'director:\n  rules: |\n    *filter \n    :INPUT ACCEPT [0:0] \n      -A INPUT -j DROP  \n    COMMIT\n';
    expect((await scenarioOf(minimal + lines)).roles.director.rules).toContain('DROP  \n');
  });

  it('must not have the lines of another system', async () => {
    const problems = await problemsWith('director:\n  rules: "*filter\\r\\nCOMMIT\\r\\n"');
    expect(problems).toEqual([
      expect.stringMatching(/^FILE:8:10: expected lines that end as Unix ends them, found a carriage return/),
    ]);
  });

  it('may be two and a half million characters long, and no longer', async () => {
    const lines = (letters: number): string =>
      `director:\n  rules: |\n    *filter\n    # ${'x'.repeat(letters - '*filter\n# \nCOMMIT\n'.length)}\n    COMMIT`;
    expect((await scenarioOf(minimal + lines(2_500_000))).roles.director.rules).toHaveLength(2_500_000);
    expect(await problemsWith(lines(2_500_001))).toEqual([
      'FILE:8:10: expected at most 2500000 characters (a set of `ipset` or nftables holds addresses by the hundred thousand, in fewer), found 2500001',
    ]);
  });

  it.each([
    ['director: { nftables: "a\\0b" }', 'FILE:7:23'],
    ['director: { commands: ["iptables -F", "a\\0b"] }', 'FILE:7:39'],
    ['events: [{ at: settled, on: director, run: "a\\0b" }]', 'FILE:7:44'],
    ['director:\n  rules: |\n    *filter\n    # NUL\n    COMMIT', 'FILE:10:5'],
  ])('must not have a NUL: %s', async (text, place) => {
    const line = text.replace('# NUL', '# \0');
    expect(await problemsWith(line)).toEqual([`${place}: expected text, found a NUL byte in it`]);
    expect((await scenarioOf(minimal + line.replace('\0', ' ').replace('\\0', ' '))).id).toBe(
      'close/example',
    );
  });

  it('may have several tables', async () => {
    const lines = 'realserver:\n  rules: |\n    # raw first\n    *raw\n    COMMIT\n    *filter\n    COMMIT\n';
    expect((await scenarioOf(minimal + lines)).roles.realserver.rules).toContain('*filter');
  });
});

describe('load', () => {
  it.each([
    [0, 'expected at least 1, found `0`'],
    [1001, 'expected at most 1000, found `1001`'],
  ])('%d connections', async (connections, problem) => {
    const text = minimal.replace('load: {', `load: { connections: ${connections},`);
    expect(await problemsOf(text)).toEqual([`FILE:5:22: ${problem}`]);
  });

  it.each(['rst', 'half-close'])('a server that closes first cannot %s', async (how) => {
    expect(await problemsOf(minimal.replace('first: server', `first: server, how: ${how}`))).toEqual([
      `FILE:5:38: expected \`fin\` with \`first: server\`, found \`${how}\`; the realserver's nginx closes with FIN only`,
    ]);
    const client = await scenarioOf(minimal.replace('first: server', `first: client, how: ${how}`));
    expect(client.load.close.how).toBe(how);
  });
});

describe('signals', () => {
  function problemsOfSignal(signal: string): Promise<readonly string[]> {
    return problemsOf(
      minimal.replace('{ outcome: healthy }', `\n  outcome: close-blocked\n  signal: ${signal}`),
    );
  }

  it.each([
    [
      '{ icmp: 3-10, from: director }',
      '8:19: expected ICMP type and code such as `3/10`, each 0 to 255, found the text `3-10`',
    ],
    [
      '{ icmp: 3/256, from: director }',
      '8:19: expected ICMP type and code such as `3/10`, each 0 to 255, found the text `3/256`',
    ],
    ['{ icmpp: 3/10, from: director }', '8:13: unknown key `icmpp`; did you mean `icmp`?'],
    ['{ tcp_reset: { from: director } }', '8:13: unknown key `tcp_reset`; did you mean `tcp-reset`?'],
    [
      '{ icmp: 3/10, from: diretcor }',
      '8:31: expected one of `director`, `realserver`, `client`, `router`, found the text `diretcor`; did you mean `director`?',
    ],
    [
      '{ tcp-reset: { from: me } }',
      '8:32: expected one of `director`, `realserver`, `client`, `router`, found the text `me`',
    ],
    [
      'silense',
      '8:11: expected `silence`, or a map with `icmp` or `tcp-reset`, found the text `silense`; did you mean `silence`?',
    ],
    ['5', '8:11: expected `silence`, or a map with `icmp` or `tcp-reset`, found `5`'],
  ])('%s', async (signal, problem) => {
    expect(await problemsOfSignal(signal)).toEqual([`FILE:${problem}`]);
  });

  it('need a sender', async () => {
    const problems = await problemsOfSignal('{ icmp: 3/10 }');
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(/^FILE:8:3: missing key `from`: Who sent it\./);
  });

  it('do not go with a healthy outcome', async () => {
    expect(await problemsOf(minimal.replace('healthy', 'healthy, signal: silence'))).toEqual([
      'FILE:6:29: expected no signal with `outcome: healthy`, found one; a healthy connection has none',
    ]);
  });
});

describe('the number of connections with the outcome', () => {
  const withBounds = (bounds: string) =>
    minimal.replace('{ outcome: healthy }', `{ outcome: healthy, connections: ${bounds} }`);

  it('is bounded by what the file says, and else all of them', async () => {
    const { expect: bounded } = await scenarioOf(withBounds('{ at-least: 3, at-most: 9 }'));
    expect(bounded.connections).toEqual({ atLeast: 3, atMost: 9 });
    expect((await scenarioOf(minimal)).expect.connections).toBeUndefined();
  });

  it.each([
    ['{ at-least: 11 }', '6:54: expected no more than the 10 of `load.connections`, found 11'],
    ['{ at-least: 4, at-most: 3 }', '6:54: expected `at-least` not above `at-most`, found 4 and 3'],
    ['{ atLeast: 3 }', '6:44: unknown key `atLeast`; did you mean `at-least`?'],
    ['{ at-least: 1.5 }', '6:54: expected a whole number, found `1.5`'],
  ])('cannot be %s', async (bounds, problem) => {
    expect(await problemsOf(withBounds(bounds))).toEqual([`FILE:${problem}`]);
  });
});
