import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { packageRoot } from '../../../../../src/support/packageRoot.js';
import { folder, lvsLab } from '../../harness.js';

const rules = '*filter\n:INPUT DROP [0:0]\n-A INPUT -p tcp -m state --state NEW -j ACCEPT\nCOMMIT\n';
const service = ['--predict', '--service', '192.0.2.10:80'];

/** A program called ssh in front of all others, which runs these lines; what it was given is in `asked`. */
function sshThat(lines: readonly string[]): { readonly cwd: string; readonly asked: () => string } {
  const cwd = folder();
  const bin = join(cwd, 'bin');
  const asked = join(cwd, 'asked');
  mkdirSync(bin);
  const text = ['#!/bin/sh', `echo "$*" >> '${asked}'`, ...lines, ''].join('\n');
  writeFileSync(join(bin, 'ssh'), text, { mode: 0o755 });
  // What the director's own ip prints.
  writeFileSync(join(bin, 'ip'), '#!/bin/sh\necho "default via 192.0.2.1 dev eth7"\n', { mode: 0o755 });
  vi.stubEnv('PATH', `${bin}:${process.env['PATH'] ?? ''}`);
  writeFileSync(join(cwd, 'iptables.save'), rules);
  return { cwd, asked: () => readFileSync(asked, { encoding: 'utf8', flag: 'a+' }) };
}

/** As sshd does it: the command's words are for a shell. */
const asSshd = 'exec sh -c "$4"';

afterEach(() => {
  vi.unstubAllEnvs();
});

describe('a host that check is to read by ssh', () => {
  it('is asked with docs/collect.sh and nothing else, and its files are read beside others', async () => {
    const { cwd, asked } = sshThat([asSshd]);
    const before = readdirSync(cwd);
    const argv = ['check', 'root@director', 'iptables.save', '--yes', '--json', ...service];
    const { code, out, err } = await lvsLab(argv, undefined, { cwd });
    expect(code).toBe(1);
    expect(asked()).toBe('-T -- root@director sh -s -- -\n');
    const { files } = JSON.parse(out) as { files: { name: string }[] };
    expect(files.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['iptables.save', 'root@director/about.txt', 'root@director/ip-route.txt']),
    );
    // What is run is shown whole, line by line.
    const script = readFileSync(join(packageRoot, 'docs/collect.sh'), 'utf8').trimEnd();
    expect(err).toContain(script.replaceAll(/^/gm, '  | '));
    expect(err).toContain("ssh -T -- root@director 'sh -s -- -' < ");
    expect(readdirSync(cwd).filter((name) => !before.includes(name))).toEqual(['asked']);
  });

  it('is not asked where nobody allows it', async () => {
    const { cwd, asked } = sshThat([asSshd]);
    const { code, err } = await lvsLab(['check', 'root@director', ...service], undefined, { cwd });
    expect([code, asked()]).toEqual([5, '']);
    expect(err).toContain('expected --yes');
  });

  it.each([
    ['y\n', 1, '-T -- root@director sh -s -- -\n'],
    ['n\n', 5, ''],
    ['\n', 5, ''],
  ])('is asked or not as the terminal answers %j', async (typed, code, commands) => {
    const { cwd, asked } = sshThat([asSshd]);
    const stdin = Object.assign(new PassThrough(), { isTTY: true });
    const stderr = Object.assign(new PassThrough(), { isTTY: true });
    stdin.write(typed);
    const argv = ['check', 'root@director', 'iptables.save', ...service];
    const ended = await lvsLab(argv, undefined, { cwd, stdin, stderr });
    expect([ended.code, asked()]).toEqual([code, commands]);
  });

  it.each([
    [['echo "no route to host" >&2', 'exit 255'], 'no route to host'],
    [['cat > /dev/null', 'echo "Welcome!"'], 'root@director'],
    [['cat > /dev/null'], 'root@director'],
  ])('that does not answer as it should (%j) is named, and ends with 5', async (lines, told) => {
    const { cwd } = sshThat(lines);
    const argv = ['check', 'root@director', 'iptables.save', '--yes', ...service];
    const { code, err } = await lvsLab(argv, undefined, { cwd });
    expect(code).toBe(5);
    expect(err).toContain(told);
    expect(err).toContain('ssh root@director true');
  });

  it('may be a realserver as well, and a file of that name is a file', async () => {
    const { cwd, asked } = sshThat([asSshd]);
    const argv = ['check', 'iptables.save', '--realserver', '10.0.0.1=root@rs1', '--yes', ...service];
    expect((await lvsLab(argv, undefined, { cwd })).code).toBe(1);
    expect(asked()).toBe('-T -- root@rs1 sh -s -- -\n');
    writeFileSync(join(cwd, 'me@home'), rules);
    expect((await lvsLab(['check', 'me@home', ...service], undefined, { cwd })).code).toBe(1);
    expect(asked()).toBe('-T -- root@rs1 sh -s -- -\n');
  });

  it('is not given options in the place of its name', async () => {
    const { cwd, asked } = sshThat([asSshd]);
    await lvsLab(['check', '--yes', ...service, '--', '-oProxyCommand=x@y'], undefined, { cwd });
    expect(asked()).toBe('');
  });
});
