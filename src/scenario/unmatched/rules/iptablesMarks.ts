import type { Option } from '../../syntax/iptables/iptablesOptions.js';
import { markChange } from '../../syntax/iptables/markChange.js';
import type { MarkSetting } from './rule.js';

/** Bits that a target may set, by its options; what is restored, masked or mapped from elsewhere cannot be told. */
export function markSettings(target: string, options: readonly Option[]): readonly MarkSetting[] {
  const has = (name: string): boolean => options.some(({ option }) => option === name);
  switch (target) {
    case 'SET':
      return has('--map-set') ? [{ of: 'packet', value: undefined }] : [];
    case 'MARK':
      return [{ of: 'packet', value: markChange(options)?.flip }];
    case 'CONNMARK':
      return has('--restore-mark')
        ? [{ of: 'packet', value: undefined }]
        : [{ of: 'connection', value: markChange(options)?.flip }];
    // A number that is made of what is in the packet.
    case 'HMARK':
      return [{ of: 'packet', value: undefined }];
    default:
      return [];
  }
}
