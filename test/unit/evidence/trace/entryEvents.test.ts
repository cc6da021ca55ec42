import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseEntryEvents } from '../../../../src/evidence/trace/entryEvents.js';
import { packageRoot } from '../../../../src/support/packageRoot.js';

const recorded = readFileSync(path.join(packageRoot, 'test', 'fixtures', 'traces', 'stock.entries'), 'utf8');

describe('what conntrack said of entries', () => {
  it('is what became of each, with the ends of the connection', () => {
    const events = parseEntryEvents(recorded);
    expect(events.map(({ state }) => state)).toEqual([
      ...['SYN_SENT', 'SYN_RECV', 'ESTABLISHED', 'FIN_WAIT', 'CLOSE_WAIT', 'CLOSE'],
    ]);
    expect(events[0]).toEqual({
      ...{ what: 'new', state: 'SYN_SENT', source: '10.9.0.1', sourcePort: 58_456 },
      ...{ destination: '10.9.0.2', destinationPort: 80 },
    });
  });

  it('has entries of UDP, by what marks them', () => {
    const [from, back] = [
      'src=10.0.0.1 dst=10.0.0.2 sport=1 dport=53',
      'src=10.0.0.2 dst=10.0.0.1 sport=53 dport=1',
    ];
    const said = [
      `[NEW] udp      17 30 ${from} [UNREPLIED] ${back} id=7`,
      `[UPDATE] udp      17 30 ${from} ${back} id=7`,
      `[UPDATE] udp      17 120 ${from} ${back} [ASSURED] id=7`,
      `[DESTROY] udp      17 ${from} ${back} [ASSURED] id=7`,
      `[NEW] icmp     1 30 src=10.0.0.1 dst=10.0.0.2 type=8 code=0 id=9`,
    ];
    expect(parseEntryEvents(said.join('\n')).map(({ what, state }) => [what, state])).toEqual([
      ['new', 'UNREPLIED'],
      ['update', 'REPLIED'],
      ['update', 'ASSURED'],
      ['destroy', undefined],
    ]);
  });

  it('has entries that are gone, times of the kernel before them or not, and skips what is none', () => {
    const gone =
      '[DESTROY] tcp      6 src=10.0.0.1 dst=10.0.0.2 sport=1 dport=80 [UNREPLIED] src=10.0.0.2 dst=10.0.0.1 sport=80 dport=1 id=7';
    expect(parseEntryEvents(`${gone}\n[1764491629.585140]\t  ${gone}\nudp 17\n`)).toEqual([
      expect.objectContaining({ what: 'destroy', state: undefined }),
      expect.objectContaining({ what: 'destroy', sourcePort: 1 }),
    ]);
  });
});
