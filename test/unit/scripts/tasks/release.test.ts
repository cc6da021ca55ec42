import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { releasedChangelog } from '../../../../scripts/tasks/changelog.js';
import { makeRelease } from '../../../../scripts/tasks/release.js';

const changelog =
  '# Changelog\n\n## [Unreleased]\n\n### Added\n\n- A thing.\n\n## [0.1.0] - 2026-01-01\n\n- First.\n';

describe('the changelog of a release', () => {
  it('has what was unreleased under the version, and room for what comes', () => {
    const { text, section } = releasedChangelog(changelog, '0.2.0', '2026-02-03');
    expect(section).toBe('### Added\n\n- A thing.');
    expect(text).toBe(
      '# Changelog\n\n## [Unreleased]\n\n## [0.2.0] - 2026-02-03\n\n### Added\n\n- A thing.\n\n## [0.1.0] - 2026-01-01\n\n- First.\n',
    );
  });

  it('may be the first', () => {
    const first = '# Changelog\n\n## [Unreleased]\n\n- First.\n';
    expect(releasedChangelog(first, '1.0.0', 'today').text).toBe(
      '# Changelog\n\n## [Unreleased]\n\n## [1.0.0] - today\n\n- First.\n',
    );
  });

  it('is refused where nothing changed, or the version is there', () => {
    expect(() => releasedChangelog(changelog.replace(/### Added\n\n- A thing.\n/, ''), '0.2.0', '')).toThrow(
      'expected changes under Unreleased',
    );
    expect(() => releasedChangelog(changelog, '0.1.0', '')).toThrow('expected no 0.1.0');
    expect(() => releasedChangelog('# Changelog\n', '0.2.0', '')).toThrow('found no such line');
  });
});

describe('a release', () => {
  let root: string;
  const git = (...args: string[]) => execFileSync('git', args, { cwd: root, encoding: 'utf8' });
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'lvs-lab-release-'));
    mkdirSync(join(root, 'images', 'lab'), { recursive: true });
    writeFileSync(join(root, 'images', 'lab', 'Dockerfile'), 'FROM x\n');
    writeFileSync(join(root, 'CHANGELOG.md'), changelog);
    writeFileSync(join(root, '.gitignore'), 'release/\n');
    writeFileSync(join(root, 'package.json'), '{ "name": "lvs-lab", "version": "0.1.0" }\n');
    writeFileSync(
      join(root, 'package-lock.json'),
      '{ "name": "lvs-lab", "version": "0.1.0", "lockfileVersion": 3, "packages": { "": { "name": "lvs-lab", "version": "0.1.0" } } }\n',
    );
    git('init', '-q');
    git('add', '-A');
    git('-c', 'user.name=a', '-c', 'user.email=a', 'commit', '-qm', 'all');
  });
  afterEach(() => {
    rmSync(root, { recursive: true, force: true });
  });

  const release = (version: string, failing?: string) => {
    const lines: string[] = [];
    const made = makeRelease({
      root,
      version,
      folder: join(root, 'release'),
      today: new Date('2026-02-03T12:00:00Z'),
      run: (command, args) => {
        if (args[0] === failing) return Promise.resolve(7);
        execFileSync(command, args, { cwd: root, stdio: 'ignore' });
        return Promise.resolve(0);
      },
      print: (line) => lines.push(line),
    });
    return { made, lines };
  };

  it('is a tarball, its components, a recipe, notes, and sums that hold', async () => {
    await release('0.2.0').made;
    const folder = join(root, 'release', 'lvs-lab-0.2.0');
    expect(readdirSync(folder).sort()).toEqual([
      'Dockerfile',
      'NOTES.md',
      'SHA256SUMS',
      'lvs-lab-0.2.0.cdx.json',
      'lvs-lab-0.2.0.tgz',
    ]);
    expect(readFileSync(join(folder, 'NOTES.md'), 'utf8')).toBe('### Added\n\n- A thing.\n');
    expect(JSON.parse(readFileSync(join(folder, 'lvs-lab-0.2.0.cdx.json'), 'utf8'))).toMatchObject({
      bomFormat: 'CycloneDX',
      metadata: { component: { version: '0.2.0' } },
    });
    const check = () =>
      execFileSync('sha256sum', ['--check', '--quiet', 'SHA256SUMS'], { cwd: folder, stdio: 'pipe' });
    check();
    writeFileSync(join(folder, 'NOTES.md'), 'other');
    expect(check).toThrow('1 computed checksum did NOT match');
    expect(readFileSync(join(root, 'CHANGELOG.md'), 'utf8')).toContain('## [0.2.0] - 2026-02-03');
    // Nothing is committed, tagged or published.
    expect(git('log', '--oneline').trim().split('\n')).toHaveLength(1);
    expect(git('tag')).toBe('');
  }, 120_000);

  it('that fails leaves the version as it was', async () => {
    await expect(release('0.2.0', 'pack').made).rejects.toThrow('ended with exit code 7');
    expect(git('status', '--porcelain')).toBe('');
  }, 120_000);

  it('is refused with changes that are not committed, and for what is no version', async () => {
    await expect(release('next').made).rejects.toThrow('expected a version such as 1.2.3, found next');
    writeFileSync(join(root, 'package.json'), '{}');
    await expect(release('0.2.0').made).rejects.toThrow('M package.json');
  });
});
