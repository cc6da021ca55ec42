import { UsageError } from '../../support/errors.js';

/** A kernel's configuration: the value (`y`, `m`, a number, a quoted text) of each option (`CONFIG_IP_VS`) that is set. */
export type KernelConfig = ReadonlyMap<string, string>;

/** Reads a .config. Throws a UsageError, which names it by `where`, when it is no configuration or that of another architecture. */
export function parseKernelConfig(text: string, where: string): KernelConfig {
  const config = new Map<string, string>();
  for (const line of text.split('\n')) {
    const [, option, value] = /^(CONFIG_\w+)=(.*?)\s*$/.exec(line) ?? [];
    if (option !== undefined && value !== undefined) config.set(option, value);
  }
  if (config.size === 0) {
    throw new UsageError(`${where} is not a kernel's configuration: it has no line CONFIG_...=`, {
      hint: 'give the .config that the kernel was built with, or /boot/config-RELEASE',
    });
  }
  if (config.get('CONFIG_X86_64') !== 'y') {
    throw new UsageError(
      `${where} configures a kernel of another architecture: CONFIG_X86_64 is not set, and the lab boots x86-64 kernels`,
    );
  }
  return config;
}

/** Whether an option is built in or a module. */
export const isOn = (config: KernelConfig, option: string): boolean =>
  ['y', 'm'].includes(config.get(option) ?? '');
