import { describe, expect, it } from 'vitest';
import { SampleSplitter, splitSamples } from '../../../../src/evidence/streams/samples.js';

const text = `@@ ss 1795454697.934594188
ESTAB 0 0 10.0.0.1:80 10.0.0.2:4000
@@ end
@@ ipvs 1795454697.934594188
IPVS connection entries
@@ end
@@ ss 1795454698.9
@@ end
`;

describe('splitSamples', () => {
  it('cuts the output into blocks with kind, time and text', () => {
    expect(splitSamples(text)).toEqual([
      {
        kind: 'ss',
        time: 1795454697.934594188,
        until: 1795454697.934594188,
        text: 'ESTAB 0 0 10.0.0.1:80 10.0.0.2:4000',
      },
      {
        kind: 'ipvs',
        time: 1795454697.934594188,
        until: 1795454697.934594188,
        text: 'IPVS connection entries',
      },
      { kind: 'ss', time: 1795454698.9, until: 1795454698.9, text: '' },
    ]);
  });

  it('knows the blocks of raw-socket loads, and takes `same` for one of sockets behind any of them', () => {
    const counted =
      '@@ tally 3\nESTAB 4\n@@ end\n@@ ipvs-tally 3\n@@ end\n@@ links 3\n@@ end\n@@ softnet 3\n@@ end\n';
    const blocks = splitSamples(`@@ ss 2\nESTAB\n@@ end\n${counted}@@ same 4\n`);
    expect(blocks.map(({ kind, time }) => `${kind} ${time}`)).toEqual([
      'ss 2',
      'tally 3',
      'ipvs-tally 3',
      'links 3',
      'softnet 3',
      'ss 4',
    ]);
    expect(blocks.at(-1)?.text).toBe('ESTAB');
  });

  it('says when a listing was complete, where the header does', () => {
    expect(splitSamples('@@ ss 1.5 2.25\nESTAB\n@@ end\n')).toEqual([
      { kind: 'ss', time: 1.5, until: 2.25, text: 'ESTAB' },
    ]);
  });

  it('ignores a last block without its end', () => {
    expect(splitSamples(text.slice(0, text.lastIndexOf('@@ end')))).toHaveLength(2);
  });

  it('drops a block that the next one cut short', () => {
    expect(splitSamples('@@ ss 1\nESTAB\n@@ ss 2\n@@ end\n')).toEqual([
      { kind: 'ss', time: 2, until: 2, text: '' },
    ]);
  });

  it('refuses a header it does not know', () => {
    expect(() => splitSamples('@@ weather 1\n')).toThrow(/weather/);
    expect(() => splitSamples('@@ ss soon\n')).toThrow(/soon/);
  });
});

describe('SampleSplitter', () => {
  it.each([1, 2, 7, 64])('gives the same blocks from chunks of %i bytes', (size) => {
    const splitter = new SampleSplitter();
    const bytes = Buffer.from(text);
    const blocks = [];
    for (let at = 0; at < bytes.length; at += size)
      blocks.push(...splitter.push(bytes.subarray(at, at + size)));
    expect(blocks).toEqual(splitSamples(text));
  });

  it('gives out a block as soon as its end has come, and not before', () => {
    const splitter = new SampleSplitter();
    expect(splitter.push('@@ ss 5\nESTAB 0 0 a:1 b:2\n@@ en')).toEqual([]);
    expect(splitter.push('d\n')).toHaveLength(1);
  });
});
