import type { MarkSetting } from './rule.js';

/** Bits that a target may set, by its options; what is restored, masked or mapped from elsewhere cannot be told. */
export function markSettings(target: string, options: readonly string[]): readonly MarkSetting[] {
  if (target !== 'MARK' && target !== 'CONNMARK' && target !== 'SET') return [];
  const of = target === 'CONNMARK' ? 'connection' : 'packet';
  const [option = '', text = ''] = options;
  if (target === 'SET') return options.includes('--map-set') ? [{ of, value: undefined }] : [];
  if (option === '--save-mark') return [{ of: 'connection', value: undefined }];
  if (option === '--restore-mark') return [{ of: 'packet', value: undefined }];
  if (option === '--and-mark') return [];
  const value = Number(text.split('/')[0]);
  return [
    { of, value: /^--(?:set|or|xor)-?x?mark$/.test(option) && !Number.isNaN(value) ? value : undefined },
  ];
}
