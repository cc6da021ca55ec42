import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Plan } from '../../../../src/scenario/model/planTypes.js';
import { packageRoot } from '../../../../src/support/packageRoot.js';
import { libraryText } from '../../scenario/libraryText.js';
import { folder, lvsLab, scenarioFiles } from '../harness.js';

describe('lvs-lab list', () => {
  it('shows id, title and expectation', async () => {
    const { code, out } = await lvsLab(['list']);
    expect(code).toBe(0);
    expect(out).toMatch(
      /close\/server-first +\S.* close-blocked with ICMP 3\/10 \(host-prohibited\) from director\n/,
    );
    expect(out).toMatch(/close\/server-first-fixed +\S.* healthy\n/);
  });

  it('gives the same as JSON', async () => {
    const { out } = await lvsLab(['list', '--json']);
    expect(JSON.parse(out)).toContainEqual(
      expect.objectContaining({
        id: 'close/server-first',
        expect: {
          outcome: 'close-blocked',
          signal: { kind: 'icmp', type: 3, code: 10, from: 'director' },
          blame: {
            kind: 'rule',
            what: '-A INPUT -j REJECT --reject-with icmp-host-prohibited',
            on: 'director',
          },
        },
      }),
    );
  });
});

describe('lvs-lab plan', () => {
  it('prints names, addresses, commands and rules', async () => {
    const { code, out } = await lvsLab(['plan', 'close/server-first']);
    expect(code).toBe(0);
    expect(out).toMatch(/^close\/server-first {2}run [0-9a-z]{8}$/m);
    expect(out).toMatch(/^realserver2 {2}realserver, container \S+, address 198\.\d+\.\d+\.\d+$/m);
    expect(out).toContain('-A INPUT -j REJECT --reject-with icmp-host-prohibited');
    expect(out).toContain('ipvsadm');
  });

  it('gives the plan as JSON', async () => {
    const plan = JSON.parse((await lvsLab(['plan', 'close/server-first', '--json'])).out) as Plan;
    expect(plan.scenario).toBe('close/server-first');
    expect(plan.nodes.map(({ name }) => name)).toEqual(['client', 'director', 'realserver1', 'realserver2']);
  });
});

describe('lvs-lab plan --mutate', () => {
  it('gives the plan of the scenario with its mutation made', async () => {
    const rulesOf = async (...flags: string[]) => {
      const { out } = await lvsLab(['plan', 'close/server-first', '--json', ...flags]);
      const { nodes } = JSON.parse(out) as Plan;
      return nodes.find(({ name }) => name === 'director')?.rules?.texts['rules'];
    };
    expect(await rulesOf()).toContain('--state NEW');
    expect(await rulesOf('--mutate')).not.toBe(await rulesOf());
  });

  it('ends with 5 where there is none', async () => {
    const file = join(folder(), 'plain.yaml');
    writeFileSync(file, libraryText('close/server-first').replace(/^mutation:\n(?: .*\n)+/m, ''));
    const { code, err } = await lvsLab(['plan', file, '--mutate']);
    expect(code).toBe(5);
    expect(err).toContain('expected each scenario to have a mutation with --mutate');
    expect((await lvsLab(['plan', file])).code).toBe(0);
  });
});

/** A file of a scenario whose rules name an interface that is not in the lab, or with `names`, says what it is there. */
function bonded(names = ''): string {
  const file = join(folder(), 'bond.yaml');
  const text = libraryText('close/server-first').replaceAll('-p tcp -m state', '-i bond0 -p tcp -m state');
  writeFileSync(file, text.replace('director:\n', `director:\n${names}`));
  return file;
}

describe('what the lab does not have', () => {
  const mapped = '  interfaces: { bond0: eth0 }\n';

  it.each([[[]], [['--json']]])('is said by plan on stderr, and the plan is on stdout %j', async (flags) => {
    const { code, out, err } = await lvsLab(['plan', bonded(), ...flags]);
    expect(code).toBe(0);
    expect(err).toMatch(/^warning: \S*bond\.yaml:\d+:5: the lab's director has no interface `bond0`/);
    expect(err).toContain('hint: say what an interface is in the lab');
    expect(out).not.toContain('warning:');
    expect((await lvsLab(['plan', bonded(mapped), ...flags])).err).toBe('');
  });

  it('is said by up before a lab is made, once', async () => {
    const warned = /^warning: \S*bond\.yaml:\d+:5: the lab's director has no interface `bond0`/;
    expect((await lvsLab(['up', bonded(), '--foreground'])).err).toMatch(warned);
    expect((await lvsLab(['up', bonded(mapped), '--foreground'])).err).not.toContain('bond0');
    const toParent = () => undefined;
    expect((await lvsLab(['up', bonded(), '--foreground'], undefined, { toParent })).err).toBe('');
  });
});

describe('lvs-lab validate', () => {
  it('accepts a good file', async () => {
    const cwd = folder();
    writeFileSync(join(cwd, 'good.yaml'), libraryText('close/server-first'));
    const { code, out, err } = await lvsLab(['validate', 'good.yaml'], undefined, { cwd });
    expect({ code, out, err }).toEqual({ code: 0, out: 'good.yaml: valid (close/server-first)\n', err: '' });
  });

  it('takes an id of the library as well, and a name that is neither for a file', async () => {
    const cwd = folder();
    const validate = (name: string) => lvsLab(['validate', name], undefined, { cwd });
    expect(await validate('close/server-first')).toMatchObject({
      code: 0,
      out: 'close/server-first: valid (close/server-first)\n',
    });
    const unknown = await validate('close/server-frist');
    expect(unknown.code).toBe(5);
    expect(unknown.err).toMatch(/server-frist: expected a scenario file, found no such file\n/);
  });

  it('warns of what the lab does not have, at its place', async () => {
    const cwd = folder();
    const text = libraryText('close/server-first').replaceAll('-p tcp -m state', '-i bond0 -p tcp -m state');
    writeFileSync(join(cwd, 'bond.yaml'), text);
    const line = text.split('\n').findIndex((one) => one.includes('bond0')) + 1;
    const { code, out } = await lvsLab(['validate', 'bond.yaml'], undefined, { cwd });
    expect(code).toBe(0);
    expect(out).toContain(`warning: bond.yaml:${line}:5: the lab's director has no interface \`bond0\``);
    expect(out).toContain(
      'a verdict that may depend on it is inconclusive\n  hint: say what an interface is in the lab',
    );
    writeFileSync(
      join(cwd, 'bond.yaml'),
      text.replace('director:\n', 'director:\n  interfaces: { bond0: eth0 }\n'),
    );
    expect((await lvsLab(['validate', 'bond.yaml'], undefined, { cwd })).out).toBe(
      'bond.yaml: valid (close/server-first)\n',
    );
  });

  it('says of folders, and of names that end as theirs do, what they are', async () => {
    const cwd = folder();
    const [file] = scenarioFiles(cwd, [{ id: 't/a' }]);
    const validate = (name: string) => lvsLab(['validate', name], undefined, { cwd });
    expect((await validate(file!)).code).toBe(0);
    const slashed = await validate(`${file!}/`);
    expect(slashed.code).toBe(5);
    expect(slashed.err).toContain('found a file where a folder is in its path');
    expect((await lvsLab(['validate', '.'], undefined, { cwd: process.cwd() })).err).toMatch(
      /^error: \.: expected a regular file, found a directory/,
    );
  });

  it('warns of what the mutation names as well, and says so', async () => {
    const cwd = folder();
    const text = (name: string) =>
      [
        'id: mine/firewall',
        'title: My firewall',
        'director:',
        '  rules: |',
        '    *filter',
        '    -A INPUT -i lo -j ACCEPT',
        '    -A INPUT -p tcp -j DROP',
        '    COMMIT',
        'load: { close: { first: server } }',
        'expect: { outcome: healthy }',
        'mutation:',
        '  what: another interface',
        `  director: { replace: [{ find: '-p tcp', with: '-p tcp -i ${name}' }] }`,
        '',
      ].join('\n');
    const valid = 'mine.yaml: valid (mine/firewall)\n';
    writeFileSync(join(cwd, 'mine.yaml'), text('bond0'));
    const { code, out } = await lvsLab(['validate', 'mine.yaml'], undefined, { cwd });
    expect(code).toBe(0);
    expect(out).toContain(
      `${valid}warning: mine.yaml:7:5: with the mutation made: the lab's director has no interface \`bond0\``,
    );
    writeFileSync(join(cwd, 'mine.yaml'), text('eth0'));
    expect((await lvsLab(['validate', 'mine.yaml'], undefined, { cwd })).out).toBe(valid);
  });

  it('takes rules as iptables-save printed them, and warns at their own place', async () => {
    const cwd = folder();
    mkdirSync(join(cwd, 'site'));
    const rules = 'site/my.iptables';
    copyFileSync(join(packageRoot, 'scenarios/rules/stock.iptables'), join(cwd, rules));
    const text = [
      'id: mine/firewall',
      'title: My firewall',
      'director: { rules: { file: my.iptables } }',
      'load: { close: { first: server } }',
      'expect: { outcome: healthy }',
      '',
    ].join('\n');
    writeFileSync(join(cwd, 'site/mine.yaml'), text);
    const valid = 'site/mine.yaml: valid (mine/firewall)\n';
    expect(await lvsLab(['validate', 'site/mine.yaml'], undefined, { cwd })).toMatchObject({
      code: 0,
      out: valid,
    });
    writeFileSync(join(cwd, rules), '*filter\n-A INPUT -i bond0 -j DROP\nCOMMIT\n');
    const { code, out } = await lvsLab(['validate', 'site/mine.yaml'], undefined, { cwd });
    expect(code).toBe(0);
    expect(out).toContain(`${valid}warning: ${rules}:2:1: the lab's director has no interface \`bond0\``);
    writeFileSync(join(cwd, rules), '*filter\n-A INPUT -i bond0 -j DROP\n');
    const cut = await lvsLab(['validate', 'site/mine.yaml'], undefined, { cwd });
    expect(cut.code).toBe(5);
    expect(cut.err).toMatch(/site\/my\.iptables:2:1: expected a line `COMMIT`/);
  });

  it('reports every file, and ends with 5 when one is bad', async () => {
    const cwd = folder();
    writeFileSync(join(cwd, 'good.yaml'), libraryText('close/server-first'));
    writeFileSync(join(cwd, 'bad.yaml'), libraryText('close/server-first').replace('title:', 'titel:'));
    const files = ['bad.yaml', 'missing.yaml', 'good.yaml'];
    const { code, out, err } = await lvsLab(['validate', ...files], undefined, { cwd });
    expect(code).toBe(5);
    expect(out).toBe('good.yaml: valid (close/server-first)\n');
    expect(err).toMatch(/bad\.yaml:\d+:\d+: .*titel/);
    expect(err).toContain('missing.yaml');
  });
});
