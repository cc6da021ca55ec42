import { describe, expect, it } from 'vitest';
import { noPaint } from '../../../../src/report/text/colour.js';
import { kernelTable, kernelText } from '../../../../src/report/listings/kernelText.js';

const kernel = {
  name: 'mine',
  from: 'debian:sid',
  release: '7.2.13',
  version: '7.2.13 #1',
  replaced: [],
  directory: '/kernels/mine',
  unmet: [{ option: 'CONFIG_IP_VS_NFCT', why: 'a sysctl' }],
};

describe('kernelText', () => {
  it('names each option that is missing, and what it is for', () => {
    expect(kernelText(kernel, noPaint)).toContain('missing options \n  CONFIG_IP_VS_NFCT: a sysctl\n');
  });

  it('tells none missing from not known', () => {
    expect(kernelText({ ...kernel, unmet: [] }, noPaint)).toContain('missing options  none\n');
    expect(kernelText({ ...kernel, unmet: undefined }, noPaint)).toContain('missing options  not known');
  });
});

describe('kernelTable', () => {
  it('has one line for each, and says how to begin when there is none', () => {
    expect(kernelTable([kernel], noPaint)).toMatch(/^ {2}mine +7\.2\.13 +debian:sid/m);
    expect(kernelTable([], noPaint)).toContain('kernel add --help');
  });
});
