import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { packageRoot } from '../../support/packageRoot.js';
import { isOn, type KernelConfig } from './config.js';

/** An option that the lab wants in a kernel's configuration. */
export interface WantedOption {
  /** The option's name, such as `CONFIG_IP_VS`. */
  readonly option: string;
  /** `required`: no lab comes up without it. `useful`: some scenarios do not work without it. */
  readonly level: 'required' | 'useful';
  /** Why the lab needs it, in words. */
  readonly why: string;
  /** The kernel versions that have the option: from `since` on and before `until`; undefined: no limit. */
  readonly since: Version | undefined;
  readonly until: Version | undefined;
}

type Version = readonly [major: number, minor: number];

/** The file of options that a kernel's configuration needs. It makes a source tree ready for the lab, and kernels are checked against it. */
export const fragmentFile = path.join(packageRoot, 'lab', 'kernel.config');

const heading = /^# (required|useful|menu)(?: since (\d+)\.(\d+))?(?: until (\d+)\.(\d+))?: (.+)$/;

/**
 * Reads the fragment. A line `# LEVEL [since X.Y] [until X.Y]: WHY` applies to the options below it. Options below `menu` only make others
 * appear in Kconfig, and are not wanted themselves. Throws an Error for anything it does not understand.
 */
export function parseWantedOptions(fragment: string): readonly WantedOption[] {
  const wanted: WantedOption[] = [];
  let current: Omit<WantedOption, 'option'> | 'menu' | undefined;
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
      if (current !== 'menu') wanted.push({ option, ...current });
    }
  }
  return wanted;
}

export async function readWantedOptions(): Promise<readonly WantedOption[]> {
  return parseWantedOptions(await readFile(fragmentFile, 'utf8'));
}

/** The options that a kernel of this release should have, by its configuration, and has not. */
export function missingOptions(
  wanted: readonly WantedOption[],
  config: KernelConfig,
  release: string,
): readonly WantedOption[] {
  const [, major, minor] = /^(\d+)\.(\d+)/.exec(release) ?? [];
  const own = version(major, minor);
  return wanted.filter(({ option, since, until }) => {
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
