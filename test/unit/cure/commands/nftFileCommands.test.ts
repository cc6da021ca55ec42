import { describe, expect, it } from 'vitest';
import { curesOf } from '../siteCures.js';

const services = '-A -t 192.0.2.10:80 -s rr\n-a -t 192.0.2.10:80 -r 10.0.0.11:80 -g -w 1\n';

/** A table as `nft list ruleset` prints it, which drops INVALID before it accepts the port. */
function ruleset(table: string, owner: readonly string[], program = ''): string {
  return [
    `table ${table} {${program}`,
    ...owner,
    '\tchain input {',
    '\t\ttype filter hook input priority filter; policy accept;',
    '\t\tct state invalid drop',
    '\t\ttcp dport 80 accept',
    '\t}',
    '}',
    '',
  ].join('\n');
}

function cures(text: string) {
  return (
    curesOf([
      { name: 'rules.nft', text, isNamed: true },
      { name: 'ipvsadm.save', text: services, isNamed: true },
    ])?.cures ?? []
  );
}

const inOwnTable = (text: string) => cures(text).filter(({ patch }) => !patch.includes('ipvs_notrack'));

describe('commands for a table that has an owner', () => {
  it.each([
    ['flags owner', ' # progname fwd', 'its owner, fwd,'],
    ['flags owner,persist', '', 'the process that made it'],
    ['flags persist, owner', '', 'the process that made it'],
  ])('with `%s`%s name no command that would be refused', (flags, program, who) => {
    const found = inOwnTable(ruleset('inet fw', [`\t${flags}`], program));
    expect(found.length).toBeGreaterThan(1);
    for (const { commands, costs } of found) {
      expect(commands.apply.join('\n')).toMatch(/^# only [^\n]*$/);
      expect(commands.apply[0]).toContain(
        `${who} can change the table inet fw (\`flags owner\`, rules.nft:2)`,
      );
      expect(costs[0]).toBe('only its owner can change the table inet fw (rules.nft:2)');
    }
  });

  it.each([[[]], [['\tflags dormant']]])('without an owner (%j) change it in place', (owner) => {
    const [first] = inOwnTable(ruleset('inet fw', owner));
    expect(first?.commands.apply[0]).toMatch(/^nft 'insert rule inet fw input/);
    expect(first?.costs).toEqual([]);
  });

  it('come behind a table of its own, which anybody can add', () => {
    expect(cures(ruleset('inet fw', ['\tflags owner']))[0]?.commands.apply).toEqual([
      expect.stringMatching(/^nft 'table ip ipvs_notrack /),
    ]);
    expect(cures(ruleset('inet fw', []))[0]?.commands.apply[0]).not.toContain('ipvs_notrack');
  });

  it('take the table from firewalld first, and give it back at last', () => {
    const [first] = inOwnTable(ruleset('inet firewalld', ['\tflags owner,persist']));
    expect(first?.commands.apply[1]).toContain('echo NftablesTableOwner=no >> /etc/firewalld/firewalld.conf');
    expect(first?.commands.apply[2]).toMatch(/^nft /);
    expect(first?.commands.back.at(-1)).toContain('NftablesTableOwner=yes');
  });

  it('load a table beside it alone, for the whole text would be refused', () => {
    const text = `${ruleset('inet fw', [])}table inet other {\n\tflags owner\n\tchain c {\n\t\taccept\n\t}\n}\n`;
    const moved = cures(text).find(({ patch }) => patch.split('\n').some((line) => /^-[^-]/.test(line)));
    const { apply = [] } = moved?.commands ?? {};
    expect(apply.join('\n')).toContain("sed -n '/^table inet fw {/,/^}/p' rules.nft");
    expect(apply.join('\n')).not.toContain('flush ruleset');
  });
});
