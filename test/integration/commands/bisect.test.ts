import { execa } from 'execa';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { libraryText } from '../../unit/scenario/libraryText.js';
import { main } from '../support/commandLine.js';
import { temporaryFolder } from '../support/run.js';

const portRule = '-A INPUT -p tcp -m tcp --dport 80 -j ACCEPT';
const culprit = 'Only new connections may come to port 80';

/**
 * What each commit does to the rules: subject, what is looked for, what comes in its place. Everything works up to the culprit. In one
 * commit after it the kernel refuses the rules, so nobody can say whether connections would end.
 */
const history: readonly (readonly [string, string, string])[] = [
  ['Accept SSH', portRule, `-A INPUT -p tcp -m tcp --dport 22 -j ACCEPT\n    ${portRule}`],
  ['Accept HTTPS', portRule, `-A INPUT -p tcp -m tcp --dport 443 -j ACCEPT\n    ${portRule}`],
  ['Accept pings only', '-A INPUT -p icmp -j', '-A INPUT -p icmp -m icmp --icmp-type 8 -j'],
  [culprit, portRule, '-A INPUT -p tcp -m state -m tcp --dport 80 --state NEW -j ACCEPT'],
  ['Count SSH', '--dport 22 -j ACCEPT', '--dport 22 -m nosuchmatch -j ACCEPT'],
  ['Count SSH no more', '--dport 22 -m nosuchmatch -j ACCEPT', '--dport 22 -j ACCEPT'],
  ['Let loopback be', '-A INPUT -i lo -j', '-A INPUT -i lo -s 127.0.0.0/8 -j'],
];

/** A repository whose commits are that history; each is one change to the rules in site.yaml. */
async function repository(): Promise<(...argv: string[]) => Promise<string>> {
  const directory = await temporaryFolder();
  const who = { NAME: 'A', EMAIL: 'a@example.org' };
  const env = {
    // What the user has configured must not matter: language, signing, hooks, another default branch.
    LC_ALL: 'C',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_CONFIG_SYSTEM: '/dev/null',
    ...Object.fromEntries(
      ['AUTHOR', 'COMMITTER'].flatMap((role) =>
        Object.entries(who).map(([what, value]) => [`GIT_${role}_${what}`, value]),
      ),
    ),
  };
  const git = async (...argv: string[]) => (await execa('git', argv, { cwd: directory, env, all: true })).all;
  const file = path.join(directory, 'site.yaml');
  const commit = async (subject: string, text: string) => {
    await writeFile(file, text);
    await git('add', 'site.yaml');
    await git('commit', '--quiet', '--message', subject);
  };
  await git('init', '--quiet');
  let text = libraryText('close/server-first-fixed');
  // The mutation looks for text that later commits change, and is not what this is about.
  text = text.replace(/^mutation:[^]*/m, '');
  await commit('Rules of the site', text);
  for (const [subject, from, to] of history) {
    expect(text).toContain(from);
    text = text.replace(from, to);
    await commit(subject, text);
  }
  return git;
}

describe('git bisect run with --bisect', () => {
  it('finds the commit that broke the rules', async () => {
    const git = await repository();
    await git('bisect', 'start', 'HEAD', `HEAD~${String(history.length)}`);
    const lvsLab = [process.execPath, main, 'run', 'site.yaml', '--bisect', '--engine', 'vm'];
    const said = await git('bisect', 'run', ...lvsLab, '--progress', 'plain');
    expect(said).toMatch(/is the first bad commit/);
    expect(await git('log', '-1', '--format=%s', 'refs/bisect/bad')).toBe(culprit);
    // A bisect that calls everything bad, or everything good, would have come to another commit; so would one without skips.
    const log = await git('bisect', 'log');
    expect(log).toMatch(/^git bisect good /m);
    expect(log).toMatch(/^git bisect bad /m);
    expect(log).not.toMatch(/^# (good|bad): .* Count SSH$/m);
  });

  it('is stopped by a command line that is wrong, and calls no commit bad for it', async () => {
    const git = await repository();
    await git('bisect', 'start', 'HEAD', `HEAD~${String(history.length)}`);
    const before = await git('bisect', 'log');
    const lvsLab = [process.execPath, main, 'run', 'no-such-site.yaml', '--bisect', '--engine', 'vm'];
    await expect(git('bisect', 'run', ...lvsLab)).rejects.toThrow(/exit code 128/);
    expect(await git('bisect', 'log')).toBe(before);
  });
});
