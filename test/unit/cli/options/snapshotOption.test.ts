import { describe, expect, it } from 'vitest';
import { withEnvironment } from '../../engine/tempFolder.js';
import { fakeServices, lvsLab, type Calls } from '../harness.js';

/** What an engine was asked for by a run with these options. */
async function opened(...argv: string[]) {
  const calls: Calls = [];
  const { code, err } = await lvsLab(['run', 'close/server-first', ...argv], fakeServices({}, calls));
  return { code, err, first: calls[0] };
}

describe('run --snapshot', () => {
  it('pins the images, and kernels that are of a suite', async () => {
    withEnvironment({ LVS_LAB_DEBIAN_SNAPSHOTS: 'http://mirror.example/{date}' });
    expect(await opened('--snapshot', '2026-01-31')).toMatchObject({
      code: 0,
      first: 'open auto default auto debian:bookworm@20260131T000000Z',
    });
    expect(
      await opened('--snapshot', '2026-01-31', '--kernel', 'debian:sid', '--image', 'debian:trixie'),
    ).toMatchObject({
      first: 'open auto debian:sid@20260131T000000Z auto debian:trixie@20260131T000000Z',
    });
  });

  it('is refused for what no Debian mirror has, and where nobody says which does', async () => {
    withEnvironment({ LVS_LAB_DEBIAN_SNAPSHOTS: undefined });
    expect(await opened('--snapshot', '2026-01-31')).toMatchObject({ code: 5, first: undefined });
    expect((await opened('--snapshot', 'today')).err).toContain('expected a day such as 2026-01-31');
    withEnvironment({ LVS_LAB_DEBIAN_SNAPSHOTS: 'http://mirror.example/{date}' });
    expect((await opened('--snapshot', '2026-01-31', '--image', 'fedora:42')).err).toContain(
      "expected images of Debian's suites with --snapshot",
    );
  });
});
