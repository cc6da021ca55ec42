import { describe, expect, it } from 'vitest';
import { withStandIns } from '../../../../src/site/files/withStandIns.js';

const text =
  '-A INPUT -s x.x.x.10/32 -j ACCEPT\r\n-A INPUT -d x.x.x.100,x.x.x.10 -j DROP\n# www.x.x.x.10.example\n';
const read = (name: string, value: string) => withStandIns([{ name: 'rules', text }], [{ name, value }]);

describe('stand-ins for names', () => {
  it('take the place of whole words, and leave lines where they are', () => {
    const { files, used } = read('x.x.x.10', '192.0.2.10');
    expect(files[0]?.text).toBe(
      '-A INPUT -s 192.0.2.10/32 -j ACCEPT\r\n-A INPUT -d x.x.x.100,192.0.2.10 -j DROP\n# www.x.x.x.10.example\n',
    );
    expect(used).toEqual([
      { name: 'x.x.x.10', value: '192.0.2.10', count: 2, at: { file: 'rules', line: 1 } },
    ]);
  });

  it('that nothing is called are not among the used ones', () => {
    expect(read('x.x.x.1', '192.0.2.1')).toEqual({ files: [{ name: 'rules', text }], used: [] });
    // A dot is a dot.
    expect(read('xax.x.10', '192.0.2.1').used).toEqual([]);
  });
});
