import { describe, expect, it } from 'vitest';
import { problemsOf, minimal, scenarioOf } from '../scenarioFile.js';

const withExpect = (text: string): string =>
  minimal.replace('expect: { outcome: healthy }', `expect: ${text}`);

describe('expectations of parts of a run', () => {
  it('are bounds on outcomes, realservers, sockets and a time', async () => {
    const { expect: expected } = await scenarioOf(
      withExpect(
        '{ outcome: healthy, first-byte: { at-most: 2s }, mix: { healthy: { at-least: 3 } }, realservers: { realserver1: { outcome: healthy, connections: { at-least: 1 } } }, sockets: { client: { LAST-ACK: { at-most: 0 } } } }',
      ),
    );
    expect(expected).toEqual({
      outcome: 'healthy',
      firstByte: { atLeast: undefined, atMost: 2 },
      mix: { healthy: { atLeast: 3, atMost: undefined } },
      realservers: { realserver1: { outcome: 'healthy', connections: { atLeast: 1, atMost: undefined } } },
      sockets: { client: { 'LAST-ACK': { atLeast: undefined, atMost: 0 } } },
    });
    expect(Object.keys((await scenarioOf(minimal)).expect)).toEqual(['outcome']);
  });

  it.each([
    [
      '{ outcome: healthy, mix: { helthy: { at-least: 3 } } }',
      'FILE:6:36: unknown key `helthy`; did you mean `healthy`?',
    ],
    [
      '{ outcome: healthy, sockets: { client: { LASTACK: { at-most: 0 } } } }',
      'unknown key `LASTACK`; did you mean `LAST-ACK`?',
    ],
    [
      '{ outcome: healthy, realservers: { client: { outcome: healthy } } }',
      'FILE:6:44: expected a node of this topology (realserver1, realserver2), found `client`',
    ],
    ['{ outcome: healthy, sockets: { realserver9: { ESTAB: { at-most: 0 } } } }', 'found `realserver9`'],
    ['{ outcome: healthy, first-byte: { at-most: 0 } }', 'expected a duration'],
  ])('%s is refused with its place', async (text, problem) => {
    expect((await problemsOf(withExpect(text))).join('\n')).toContain(problem);
  });
});
