import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { scenarioJsonSchemaText } from '../../../../src/scenario/file/jsonSchema.js';
import { folder, lvsLab } from '../harness.js';

/** The file that the schema line of a scenario leads to. */
function schemaOf(file: string): string {
  const [, named = ''] = /\$schema=(\S+)/.exec(readFileSync(file, 'utf8')) ?? [];
  return resolve(dirname(file), named);
}

describe('lvs-lab init', () => {
  it('writes a scenario that is valid, with its rules and the schema that it names', async () => {
    const cwd = folder();
    const { code, out } = await lvsLab(['init'], undefined, { cwd });
    expect(code).toBe(0);
    expect(readdirSync(cwd).sort()).toEqual(['mine.iptables', 'mine.yaml', 'scenario.schema.json']);
    expect(out).toContain('lvs-lab validate mine.yaml');
    const file = join(cwd, 'mine.yaml');
    expect(readFileSync(schemaOf(file), 'utf8')).toBe(scenarioJsonSchemaText());
    expect((await lvsLab(['validate', file])).out).toBe(`${file}: valid (mine/mine)\n`);
    // It is the rules file beside it that is read.
    writeFileSync(join(cwd, 'mine.iptables'), '*filter\n-A INPUT -j BROKEN SYNTAX\n');
    expect((await lvsLab(['validate', file])).code).toBe(5);
  });

  it('takes a name behind a folder', async () => {
    const cwd = folder();
    expect((await lvsLab(['init', 'sites/our-director'], undefined, { cwd })).code).toBe(0);
    const file = join(cwd, 'sites', 'our-director.yaml');
    expect((await lvsLab(['validate', file])).out).toContain('(mine/our-director)');
    expect(existsSync(schemaOf(file))).toBe(true);
  });

  it('copies a scenario of the library with its rule files', async () => {
    const cwd = folder();
    const { code } = await lvsLab(['init', 'copy', '--from', 'close/server-first'], undefined, { cwd });
    expect(code).toBe(0);
    const file = join(cwd, 'copy.yaml');
    expect((await lvsLab(['validate', file])).out).toContain('valid (mine/copy)');
    expect(readdirSync(join(cwd, 'rules'))).toEqual(['stock.iptables']);
    expect(readFileSync(schemaOf(file), 'utf8')).toBe(scenarioJsonSchemaText());
  });

  it('replaces nothing that somebody has written, and writes nothing then', async () => {
    const cwd = folder();
    writeFileSync(join(cwd, 'mine.iptables'), 'mine');
    const { code, err } = await lvsLab(['init'], undefined, { cwd });
    expect(code).toBe(5);
    expect(err).toContain('found mine.iptables');
    expect(readdirSync(cwd)).toEqual(['mine.iptables']);
    expect((await lvsLab(['init', 'other'], undefined, { cwd })).code).toBe(0);
  });

  it('renews the schema of another lvs-lab, and no other file of that name', async () => {
    const cwd = folder();
    const schema = join(cwd, 'scenario.schema.json');
    writeFileSync(schema, '{ "title": "lvs-lab scenario", "old": true }');
    expect((await lvsLab(['init'], undefined, { cwd })).code).toBe(0);
    expect(readFileSync(schema, 'utf8')).toBe(scenarioJsonSchemaText());
    writeFileSync(schema, '{ "title": "something else" }');
    expect((await lvsLab(['init', 'second'], undefined, { cwd })).err).toContain(
      'found scenario.schema.json',
    );
    expect(readFileSync(schema, 'utf8')).toContain('something else');
  });

  it('reads no FIFO that has the name of the schema', async () => {
    const cwd = folder();
    execFileSync('mkfifo', [join(cwd, 'scenario.schema.json')]);
    const { code, err } = await lvsLab(['init'], undefined, { cwd });
    expect({ code, named: err.includes('found scenario.schema.json') }).toEqual({ code: 5, named: true });
    expect(readdirSync(cwd)).toEqual(['scenario.schema.json']);
  });

  it.each([['Our Director'], ['a--b'], ['-x/..']])('refuses the name %s', async (name) => {
    const cwd = folder();
    expect(await lvsLab(['init', '--', name], undefined, { cwd })).toMatchObject({ code: 5 });
    expect(readdirSync(cwd)).toEqual([]);
  });

  it('says when it cannot write', async () => {
    const cwd = folder();
    writeFileSync(join(cwd, 'sites'), '');
    mkdirSync(join(cwd, 'there'));
    const { code, err } = await lvsLab(['init', 'sites/mine'], undefined, { cwd });
    expect({ code, named: err.includes(join(cwd, 'sites')) }).toEqual({ code: 2, named: true });
    expect((await lvsLab(['init', 'there/mine'], undefined, { cwd })).code).toBe(0);
  });
});

describe('lvs-lab show', () => {
  it('prints a scenario as it was written, and its rule files', async () => {
    const { code, out } = await lvsLab(['show', 'close/server-first']);
    expect(code).toBe(0);
    expect(out).toContain('scenarios/close/server-first.yaml\n# A web server behind LVS-DR closes');
    expect(out).toContain('scenarios/rules/stock.iptables\n# The stock firewall');
    expect(out.match(/^# .*scenarios\/rules\/stock\.iptables$/gm)).toHaveLength(1);
  });

  it('refuses what is not there', async () => {
    expect(await lvsLab(['show', 'close/server-frist'])).toMatchObject({
      code: 5,
      err: expect.stringContaining('did you mean `close/server-first`?') as string,
    });
  });
});
