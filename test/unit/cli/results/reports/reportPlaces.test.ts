import { existsSync, linkSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fakeServices, folder, lvsLab, scenarioFiles, type Calls } from '../../harness.js';
import { leavingEvidence } from '../../matrices.js';

/** Runs a scenario that names a rule file, with these options. */
async function run(cwd: string, ...options: readonly string[]) {
  const calls: Calls = [];
  const services = fakeServices({}, calls);
  writeFileSync(join(cwd, 'my.nft'), 'table ip filter {\n}\n');
  const files = scenarioFiles(cwd, [{ id: 't/a', more: ['director: { nftables: { file: my.nft } }'] }]);
  const ended = await lvsLab(['run', ...files, ...options], leavingEvidence(services), { cwd });
  return { ...ended, calls };
}

describe('a report', () => {
  it.each([
    [
      'one file for two of them',
      ['--junit', 'x', '--ktap', './x'],
      'expected --junit and --ktap to go to two places',
    ],
    [
      'one of them in the other',
      ['--junit', 'x/y', '--ktap', 'x'],
      'expected --junit and --ktap to go to two places',
    ],
    [
      'one stream for two of them',
      ['--junit', '/dev/stdout', '--ktap', '/dev/stdout'],
      'to go to two places',
    ],
    ['a folder that is not there', ['--junit', 'reports/'], 'found the name of a folder'],
    [
      'the document on standard output',
      ['--json', '--junit', '/dev/fd/1'],
      'expected --json and --junit to go to two places',
    ],
    ['the results', ['--out', 'o', '--junit', 'o/results.json'], 'written with the evidence'],
    ['what was asked for', ['--out', 'o', '--ktap', 'o/asked.json'], 'written with the evidence'],
    ['a file of a job', ['--out', 'o', '--junit', 'o/t-a/verdict.json'], 'written with the evidence'],
    ['the folder of a second job', ['--out', 'o', '--junit', 'o/t-a.2'], 'written with the evidence'],
    ['the evidence itself', ['--out', 'o', '--junit', 'o'], 'written with the evidence'],
    ['what the evidence is to be in', ['--out', 'o/p', '--junit', 'o'], 'written with the evidence'],
    ['the folder of all runs', ['--junit', 'runs'], 'written with the evidence'],
    ['the scenario', ['--junit', 't-a.yaml'], 'found one that is read'],
    ['a rule file', ['--junit', 'my.nft'], 'found one that is read'],
    ['the record of the last run', ['--junit', 'runs/.last-run.json'], 'found one that is read'],
  ])('is refused before anything runs, where it would take the place of %s', async (_, options, message) => {
    const cwd = folder();
    const { code, out, err, calls } = await run(cwd, ...options);
    expect({ code, out, calls }).toEqual({ code: 5, out: '', calls: [] });
    expect(err).toContain(message);
    expect(existsSync(join(cwd, 'o'))).toBe(false);
    expect(readFileSync(join(cwd, 't-a.yaml'), 'utf8')).toContain('id: t/a');
  });

  it('is refused under other names of one file', async () => {
    const cwd = folder();
    mkdirSync(join(cwd, 'real'));
    symlinkSync('real', join(cwd, 'link'));
    const { code, err } = await run(cwd, '--junit', 'real/x', '--ktap', 'link/x');
    expect(code).toBe(5);
    expect(err).toContain('to go to two places');
  });

  it.each([
    ['the scenario', 't-a.yaml', [], 'found one that is read'],
    ['a rule file', 'my.nft', [], 'found one that is read'],
    ['another report', 'other', ['--ktap', 'other'], 'expected --junit and --ktap to go to two places'],
  ])('is refused where its file is %s too, as a hard link', async (_, linked, options, message) => {
    const cwd = folder();
    writeFileSync(join(cwd, 'my.nft'), 'table ip filter {\n}\n');
    const files = scenarioFiles(cwd, [{ id: 't/a', more: ['director: { nftables: { file: my.nft } }'] }]);
    writeFileSync(join(cwd, 'other'), '');
    const before = readFileSync(join(cwd, linked), 'utf8');
    linkSync(join(cwd, linked), join(cwd, 'report'));
    const argv = ['run', ...files, '--junit', 'report', ...options];
    const { code, err } = await lvsLab(argv, leavingEvidence(fakeServices()), { cwd });
    expect(code).toBe(5);
    expect(err).toContain(message);
    expect(readFileSync(join(cwd, linked), 'utf8')).toBe(before);
  });

  it.each([
    ['beside each other', ['--junit', 'x.xml', '--ktap', 'x.tap']],
    ['in folders that are not there yet', ['--junit', 'a/b/x.xml', '--ktap', 'a/c/x.tap']],
    [
      'in the directory of the evidence',
      ['--out', 'o', '--junit', 'o/t-a.xml', '--ktap', 'o/reports/results.json'],
    ],
    ['where nobody reads them', ['--junit', '/dev/null', '--ktap', '/dev/null']],
    ['beside the document on standard output', ['--json', '--junit', 'x.xml']],
    ['among all runs', ['--junit', 'runs/results.json']],
  ])('goes %s', async (_, options) => {
    const cwd = folder();
    const { code, err } = await run(cwd, ...options);
    expect({ code, err: err.includes('error') }).toEqual({ code: 0, err: false });
    for (const file of options.filter((word) => /\.(?:xml|tap)$|runs\//.test(word)))
      expect(readFileSync(join(cwd, file), 'utf8')).toMatch(/<testsuites|1\.\./);
  });

  it('of merged runs is refused in what is merged', async () => {
    const cwd = folder();
    await run(cwd, '--out', 'one');
    const merge = (...options: readonly string[]) =>
      lvsLab(['merge', 'one', '--out', 'all', ...options], fakeServices(), { cwd });
    for (const file of ['one/results.json', 'one/new.xml', 'all/one/x.xml', 'all/results.json']) {
      const { code, err } = await merge('--junit', file);
      expect({ file, code }).toEqual({ file, code: 5 });
      expect(err).toMatch(/expected --junit to name a file of its own/);
      expect(existsSync(join(cwd, 'all'))).toBe(false);
    }
    expect((await merge('--junit', 'all/junit.xml')).code).toBe(0);
  });
});
