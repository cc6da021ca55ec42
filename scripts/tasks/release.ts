import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { Run } from '../bootstrap/children.mjs';
import { releasedChangelog } from './changelog.js';

/** What a release is made of, and of what. */
export interface ReleaseRequest {
  /** The repository. */
  readonly root: string;
  /** As in package.json: 1.2.3. */
  readonly version: string;
  /** Gets a folder of the release's own. */
  readonly folder: string;
  readonly today: Date;
  readonly run: Run;
  readonly print: (line: string) => void;
}

/** Files that name the version. */
const versioned = ['package.json', 'package-lock.json', 'CHANGELOG.md'];

/**
 * Sets the version, and makes tarball, list of components (SBOM), recipe of the container image, notes and checksums. Nothing is committed or
 * published. Rejects, with the files that name the version as they were, when something fails.
 */
export async function makeRelease(request: ReleaseRequest): Promise<void> {
  const { root, version, today, run, print } = request;
  if (!/^\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?$/.test(version))
    throw new Error(
      `expected a version such as 1.2.3, found ${version || 'none'}: npm run release -- VERSION`,
    );
  const changed = git(root, ['status', '--porcelain']);
  if (changed !== '') throw new Error(`expected all changes to be committed, found\n${changed}`);
  const changelog = join(root, 'CHANGELOG.md');
  const released = releasedChangelog(
    readFileSync(changelog, 'utf8'),
    version,
    today.toISOString().slice(0, 10),
  );
  const folder = join(request.folder, `lvs-lab-${version}`);
  if (existsSync(folder)) throw new Error(`expected no ${folder} yet: remove it, or name another folder`);
  mkdirSync(folder, { recursive: true });
  try {
    await done(run, 'npm', [
      'version',
      version,
      '--no-git-tag-version',
      '--ignore-scripts',
      '--allow-same-version',
    ]);
    writeFileSync(changelog, released.text);
    await done(run, 'npm', ['pack', '--pack-destination', folder]);
    writeFileSync(join(folder, `lvs-lab-${version}.cdx.json`), components(root));
    copyFileSync(join(root, 'images', 'lab', 'Dockerfile'), join(folder, 'Dockerfile'));
    writeFileSync(join(folder, 'NOTES.md'), `${released.section}\n`);
    writeFileSync(join(folder, 'SHA256SUMS'), checksums(folder));
  } catch (error) {
    git(root, ['checkout', '--', ...versioned]);
    throw error;
  }
  print(`made ${relative(root, folder)}: ${readdirSync(folder).sort().join(', ')}`);
  print(`nothing is published; next: git commit -am 'Release ${version}' && git tag v${version}`);
}

async function done(run: Run, command: string, args: readonly string[]): Promise<void> {
  const code = await run(command, args);
  if (code !== 0)
    throw new Error(
      `\`${command} ${args.join(' ')}\` ended with exit code ${String(code)}: see its output above`,
    );
}

const git = (root: string, args: readonly string[]): string =>
  execFileSync('git', args, { cwd: root, encoding: 'utf8' }).trim();

/** What the package brings along, as npm tells it: CycloneDX. */
function components(root: string): string {
  return execFileSync('npm', ['sbom', '--sbom-format', 'cyclonedx', '--omit', 'dev'], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 64e6,
  });
}

/** As `sha256sum` prints them, and `sha256sum --check` reads them. */
function checksums(folder: string): string {
  return readdirSync(folder)
    .sort()
    .map(
      (name) =>
        `${createHash('sha256')
          .update(readFileSync(join(folder, name)))
          .digest('hex')}  ${name}\n`,
    )
    .join('');
}
