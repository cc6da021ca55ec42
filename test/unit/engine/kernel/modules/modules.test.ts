import { describe, expect, it } from 'vitest';
import { isWanted } from '../../../../../src/engine/kernel/modules/modules.js';

describe('isWanted', () => {
  it.each([
    'net/netfilter/ipvs/ip_vs.ko',
    'net/netfilter/ipvs/ip_vs_rr.ko.xz',
    'net/netfilter/nf_conntrack.ko.zst',
    'net/ipv4/netfilter/ipt_REJECT.ko.gz',
    'drivers/net/veth.ko',
    'drivers/block/virtio_blk.ko.xz',
    'fs/overlayfs/overlay.ko',
  ])('takes %s', (file) => {
    expect(isWanted(file)).toBe(true);
  });

  it.each([
    'drivers/gpu/drm/i915/i915.ko',
    'drivers/net/veth.ko.sig',
    'net/netfilter',
    'net/netfilter/Makefile',
    'net/netfilter/ip_vs.ko.bz2',
    'net/netfilterx/x.ko',
    'sound/lib/x.ko',
  ])('leaves %s', (file) => {
    expect(isWanted(file)).toBe(false);
  });
});
