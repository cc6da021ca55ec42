import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { packageRoot } from '../../support/packageRoot.js';
import { isOn, type KernelConfig } from './config.js';

/** An option of the kernel's configuration that the lab wants. */
export interface Need {
  /** `CONFIG_IP_VS` */
  readonly option: string;
  /** Without a required one no lab comes up; without a useful one some scenarios do not work. */
  readonly level: 'required' | 'useful';
  /** What it is for, in words. */
  readonly why: string;
  /** The kernels that know the option: from the first of these on, and before the second. */
  readonly since: Version | undefined;
  readonly until: Version | undefined;
}

type Version = readonly [major: number, minor: number];

/** The fragment that makes a tree lab-ready, which is also what kernels are checked against. */
export const fragmentFile = path.join(packageRoot, 'lab', 'kernel.config');

const heading = /^# (required|useful|menu)(?: since (\d+)\.(\d+))?(?: until (\d+)\.(\d+))?: (.+)$/;

/**
 * Reads the fragment. A line `# LEVEL [since X.Y] [until X.Y]: WHY` speaks for the options below it; those below `menu` only make others
 * appear in Kconfig and are no needs. Throws on what it does not understand.
 */
export function parseNeeds(fragment: string): readonly Need[] {
  const needs: Need[] = [];
  let current: Omit<Need, 'option'> | 'menu' | undefined;
  for (const line of fragment.split('\n')) {
    const [, level, sinceMajor, sinceMinor, untilMajor, untilMinor, why] = heading.exec(line) ?? [];
    if (level === 'menu') current = 'menu';
    else if (level === 'required' || level === 'useful') {
      const [since, until] = [version(sinceMajor, sinceMinor), version(untilMajor, untilMinor)];
      current = { level, why: why ?? '', since, until };
    } else if (line !== '' && !line.startsWith('#')) {
      const option = /^(CONFIG_\w+)=y$/.exec(line)?.[1];
      if (option === undefined || current === undefined)
        throw new Error(`${fragmentFile}: expected CONFIG_...=y below a heading, found \`${line}\``);
      if (current !== 'menu') needs.push({ option, ...current });
    }
  }
  return needs;
}

export async function readNeeds(): Promise<readonly Need[]> {
  return parseNeeds(await readFile(fragmentFile, 'utf8'));
}

/** The needs that a kernel of this release and configuration does not meet. */
export function unmetNeeds(needs: readonly Need[], config: KernelConfig, release: string): readonly Need[] {
  const [, major, minor] = /^(\d+)\.(\d+)/.exec(release) ?? [];
  const own = version(major, minor);
  return needs.filter(({ option, since, until }) => {
    const isKnown =
      own === undefined ||
      ((since === undefined || !isBefore(own, since)) && (until === undefined || isBefore(own, until)));
    return isKnown && !isOn(config, option);
  });
}

function version(major: string | undefined, minor: string | undefined): Version | undefined {
  return major === undefined || minor === undefined ? undefined : [Number(major), Number(minor)];
}

const isBefore = ([major, minor]: Version, [otherMajor, otherMinor]: Version): boolean =>
  major < otherMajor || (major === otherMajor && minor < otherMinor);
