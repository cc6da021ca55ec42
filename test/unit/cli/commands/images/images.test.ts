import { describe, expect, it } from 'vitest';
import type { ImageServices } from '../../../../../src/cli/frame/services.js';
import type { ListedImage } from '../../../../../src/engine/imageSets/listImages.js';
import { LabError, UsageError } from '../../../../../src/support/errors.js';
import { fakeImages, fakeServices, lvsLab, type Calls } from '../../harness.js';

function withImages(images: Partial<ImageServices>, calls: Calls = []) {
  return fakeServices({ images: fakeImages(images, calls) });
}

describe('lvs-lab images list', () => {
  it('lists the images with a name, and what of them is here', async () => {
    const listed = [
      { name: 'debian:trixie', iptables: ['nft', 'legacy'], tried: true, note: undefined, here: 'loaded' },
      { name: 'rocky:9', iptables: ['nft'], tried: false, note: undefined, here: undefined },
    ] as unknown as readonly ListedImage[];
    const services = withImages({ list: () => Promise.resolve(listed) });
    const { code, out } = await lvsLab(['images', 'list'], services);
    expect(code).toBe(0);
    expect(out).toMatch(/^ +debian:trixie +nft legacy +loaded$/m);
    expect(out).toMatch(/^ +rocky:9 +nft +not run here$/m);
    const { out: json } = await lvsLab(['images', 'list', '--json'], services);
    expect(JSON.parse(json)).toEqual(JSON.parse(JSON.stringify(listed)));
  });
});

describe('lvs-lab images save', () => {
  it('saves the image that was asked for, else that of a run without --image', async () => {
    const calls: Calls = [];
    const services = withImages({}, calls);
    expect(await lvsLab(['images', 'save', 'all.tar'], services)).toMatchObject({
      code: 0,
      out: 'saved the images of auto in all.tar\n',
    });
    await lvsLab(['images', 'save', 'one.tar', '--image', 'debian:sid'], services);
    expect(calls).toEqual(['save auto all.tar', 'save debian:sid one.tar']);
  });

  it('shows on stderr what goes on, and does not say that a file was written when it was not', async () => {
    const services = withImages({
      save: (_image, _file, { emit }) => {
        emit({ type: 'engine-note', message: 'nothing is cached' });
        return Promise.reject(new LabError('the disk is full'));
      },
    });
    const { code, out, err } = await lvsLab(['images', 'save', 'x', '--progress', 'plain'], services);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain('nothing is cached');
    expect(err).toContain('error: the disk is full\n');
  });
});

describe('lvs-lab images load', () => {
  it('says what uses the images that it took in', async () => {
    const calls: Calls = [];
    expect(await lvsLab(['images', 'load', 'all.tar'], withImages({}, calls))).toMatchObject({
      code: 0,
      out: 'loaded; `--image debian:trixie` uses it\n',
    });
    expect(calls).toEqual(['load all.tar']);
  });

  it('ends with 5 for a file that holds none', async () => {
    const services = withImages({ load: () => Promise.reject(new UsageError('x is damaged')) });
    const { code, out, err } = await lvsLab(['images', 'load', 'x'], services);
    expect({ code, out }).toEqual({ code: 5, out: '' });
    expect(err).toContain('error: x is damaged\n');
  });
});
