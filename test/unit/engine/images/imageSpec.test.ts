import { describe, expect, it } from 'vitest';
import { parseDistributions, readDistributions } from '../../../../src/engine/images/distributions.js';
import { flavoursOf, parseImageSpec, refuseOtherFlavours } from '../../../../src/engine/images/imageSpec.js';
import { UsageError } from '../../../../src/support/errors.js';

describe('parseImageSpec', () => {
  it.each([
    ['auto', { kind: 'auto' }],
    ['debian:trixie', { kind: 'debian', suite: 'trixie' }],
    ['centos:7', { kind: 'reference', reference: 'centos:7' }],
    ['ref:example.org:5000/x/y:1', { kind: 'reference', reference: 'example.org:5000/x/y:1' }],
  ])('reads %s', (text, spec) => {
    expect(parseImageSpec(text)).toEqual(spec);
  });

  it.each(['', 'ref:', 'ref:a b', 'debian:woody', 'nosuch:1'])('refuses `%s`', (text) => {
    expect(() => parseImageSpec(text)).toThrow(UsageError);
  });

  it('names the one that may be meant', () => {
    expect(() => parseImageSpec('debian:trixi')).toThrow('did you mean `debian:trixie`?');
  });
});

describe('wantFlavours', () => {
  it.each([
    ['almalinux:9', 'legacy', 'the image almalinux:9 has no iptables-legacy, only iptables-nft'],
    ['centos:7', 'nft', 'the image centos:7 has no iptables-nft, only iptables-legacy'],
  ] as const)('refuses %s for iptables-%s, naming it', (image, flavour, message) => {
    expect(() => {
      refuseOtherFlavours(image, [flavour]);
    }).toThrow(message);
  });

  it('takes what the image has, and does not guess at one of a registry', () => {
    expect(() => {
      refuseOtherFlavours('almalinux:9', ['nft']);
    }).not.toThrow();
    expect(() => {
      refuseOtherFlavours('debian:sid', ['nft', 'legacy']);
    }).not.toThrow();
    expect(() => {
      refuseOtherFlavours('ref:x', ['legacy']);
    }).not.toThrow();
    expect(flavoursOf('ref:x')).toBeUndefined();
  });
});

describe('distributions.yaml', () => {
  it('is understood, and has tried only what can be made without a registry', () => {
    const tried = readDistributions().filter((each) => each.tried);
    expect(tried.map(({ name }) => name)).toEqual(
      ['bullseye', 'bookworm', 'trixie', 'sid'].map((suite) => `debian:${suite}`),
    );
  });

  it.each([
    'a:1: { iptables: [], tried: true }',
    'a:1: { iptables: [nft] }',
    'a: { iptables: [nft], tried: true }',
  ])('is refused when it says `%s`', (text) => {
    expect(() => parseDistributions(text)).toThrow();
  });
});
