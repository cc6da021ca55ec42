import { describe, expect, it } from 'vitest';
import { conversationOf } from '../../../../src/scenario/model/builtInConversations.js';
import { loadText } from '../../../../src/report/phrases/scenarioParts.js';
import { withFlows } from '../../../../src/scenario/library/withFlows.js';
import { minimal, problemsOf, scenarioOf } from '../scenarioFile.js';

const withLoad = (text: string): string =>
  minimal.replace('load: { close: { first: server } }', `load: ${text}`);
const loadOf = async (text: string) => (await scenarioOf(withLoad(text))).load;

describe('what clients can be asked to do', () => {
  it('is to connect and close without a request', async () => {
    const load = await loadOf('{ requests: 0, idle: 2s, close: { first: client } }');
    expect(conversationOf(load)).toMatchObject({
      conversation: { steps: [{ do: 'open' }, { do: 'wait', seconds: 2 }, { do: 'close', how: 'fin' }] },
    });
    expect(loadText(load)).toContain('without a request');
  });

  it('is to use a port several times, once more being what it always was', async () => {
    expect((await loadOf('{ reopen: true, close: { first: server } }')).reopen).toBe(true);
    const often = await loadOf('{ reopen: 3, close: { first: server } }');
    expect(loadText(often)).toContain('opened again from the same port 3 times, and the last one is judged');
    expect(conversationOf(often)).toHaveProperty('impossible');
    expect(conversationOf(await loadOf('{ reopen: 1, close: { first: server } }'))).toHaveProperty(
      'conversation',
    );
  });

  it('is to ask whether the server is there, and nobody asks unless told to', async () => {
    const load = await loadOf('{ keepalive: 2s, close: { first: server } }');
    expect(load.keepalive).toBe(2);
    expect(loadText(load)).toContain('with TCP keepalive after 2 s');
    expect(conversationOf(load)).toHaveProperty('impossible');
    expect(await loadOf('{ close: { first: server } }')).not.toHaveProperty('keepalive');
  });

  it('is to be answered late, by a realserver that thinks', async () => {
    const load = await loadOf('{ think: 7s, download: 1KiB, close: { first: server } }');
    expect(load.think).toBe(7);
    expect(loadText(load)).toContain('downloading 1 KiB, answered after 7 s;');
    expect(conversationOf(load)).toMatchObject({
      conversation: {
        steps: [{ do: 'open' }, { do: 'send', then: 'close', download: 1024, think: 7 }, {}, {}, {}],
      },
    });
    expect(await loadOf('{ close: { first: server } }')).not.toHaveProperty('think');
  });

  it('is to be answered never', async () => {
    const load = await loadOf('{ upload: 1KiB, reply: false, idle: 1s, close: { first: client } }');
    expect(load.reply).toBe(false);
    expect(loadText(load)).toContain('uploading 1 KiB, never answered, silent for 1 s before it closes');
    expect(conversationOf(load)).toMatchObject({
      conversation: {
        steps: [
          { do: 'open' },
          { do: 'send', then: 'keep', upload: 1024, reply: false },
          { do: 'wait', seconds: 1 },
          { do: 'close', how: 'fin' },
        ],
      },
    });
    expect(await loadOf('{ close: { first: server } }')).not.toHaveProperty('reply');
  });

  it('is to come later, behind an event', async () => {
    const load = await loadOf(
      '{ connections: 4, later: { connections: 2, after: 6s }, close: { first: server } }',
    );
    expect(load.later).toEqual({ connections: 2, after: 6 });
    expect(loadText(load)).toContain('4 connections, and 2 more 6 s after these are open');
    expect(await loadOf('{ close: { first: server } }')).not.toHaveProperty('later');
    const flows = 'flows: { count: 7, rate: 7, conversation: hold }\n';
    const late = '{ later: { connections: 2, after: 6s }, close: { first: server } }';
    expect(await problemsOf(withLoad(late) + flows)).toEqual([
      'FILE:5:9: expected no `later` of the load beside `flows`, found it; the other connections come when the flows are open',
    ]);
    const wanted = minimal.replace('outcome: healthy', 'outcome: healthy, later: { outcome: unreachable }');
    expect((await problemsOf(wanted)).join()).toContain(
      'expected connections in `load.later` beside `expect.later`, found none',
    );
  });

  it('is to come from several addresses', async () => {
    const load = await loadOf('{ sources: 3, close: { first: server } }');
    expect(load.sources).toBe(3);
    expect(loadText(load)).toContain('from 3 addresses in turn');
    expect(await loadOf('{ close: { first: server } }')).not.toHaveProperty('sources');
    const flows = 'flows: { count: 7, rate: 7, conversation: hold }\n';
    expect(await problemsOf(withLoad('{ sources: 3, close: { first: server } }') + flows)).toEqual([
      'FILE:5:9: expected no `sources` of the load beside `flows`, found it; flows have their own (`flows.sources`), and the other connections one address',
    ]);
  });

  it('is to connect from another node, on which the control run does not depend', async () => {
    const scenario = await scenarioOf(withLoad('{ from: realserver1, close: { first: server } }'));
    const { load } = scenario;
    expect(load.from).toBe('realserver1');
    expect(loadText(load)).toContain('10 connections, made on realserver1');
    expect(await loadOf('{ close: { first: server } }')).not.toHaveProperty('from');
    expect(() => withFlows(scenario, 100)).toThrow('connections that are made on realserver1 (`load.from`)');
  });

  it.each([
    [
      'router',
      '',
      'FILE:5:15: expected a node of this topology (director, realserver1, realserver2), found `router`',
    ],
    [
      'client',
      '',
      'FILE:5:15: expected a node of this topology (director, realserver1, realserver2), found `client`',
    ],
    ['realserver3', '', 'found `realserver3`; did you mean `realserver1`?'],
    [
      'realserver1',
      'flows: { count: 7, rate: 7, conversation: hold }\n',
      'FILE:5:9: expected no `from` of the load beside `flows`',
    ],
    [
      'director',
      'topology: { local-realserver: true }\n',
      'FILE:5:15: expected a realserver with `topology.local-realserver`, found `director`',
    ],
    [
      'director',
      'topology: { directors: 2 }\n',
      'FILE:5:9: expected no `from` of the load with `topology.directors: 2`',
    ],
  ])('but not from %s, with %j', async (from, rest, problem) => {
    const text = withLoad(`{ from: ${from}, close: { first: server } }`) + rest;
    expect((await problemsOf(text)).join('\n')).toContain(problem);
  });

  it.each([
    [
      '{ from: realserver1, sources: 2, close: { first: server } }',
      'FILE:5:28: expected no `sources` beside `from`',
    ],
    ['{ from: director, datagrams: { as: dns } }', 'FILE:5:25: expected no `datagrams` beside `from`'],
    ['{ sources: 17, close: { first: server } }', 'FILE:5:18: expected at most 16, found `17`'],
    [
      '{ connect: blocking, sources: 2, close: { first: server } }',
      'expected no `sources` with `connect: blocking`',
    ],
    [
      '{ requests: 0, close: { first: server } }',
      'FILE:5:38: expected `close: { first: client }` by FIN or RST and no body with `requests: 0`',
    ],
    ['{ requests: 0, close: { first: client, how: half-close } }', 'found another `close.how`'],
    ['{ requests: 0, upload: 1KiB, close: { first: client } }', 'found another `upload`'],
    ['{ think: 61s, close: { first: server } }', 'FILE:5:16: expected at most 60s, found `61s`'],
    ['{ think: 1500ms, close: { first: server } }', 'expected whole seconds'],
    ['{ reply: true, close: { first: client } }', 'FILE:5:16: expected `false`, or no `reply`'],
    [
      '{ reply: false, close: { first: server } }',
      'expected `close: { first: client }` by FIN or RST, no `download` and no `think` with `reply: false`, found another `close.first`',
    ],
    ['{ reply: false, close: { first: client, how: half-close } }', 'found another `close.how`'],
    ['{ reply: false, close: { first: client, how: rst } }', 'expected `idle` beside `how: rst`'],
    ['{ reply: false, download: 1KiB, close: { first: client } }', 'found another `download`'],
    ['{ reply: false, think: 2s, close: { first: client } }', 'found another `think`'],
    ['{ requests: 0, think: 2s, close: { first: client } }', 'found another `think`'],
    ['{ requests: 0, reply: false, close: { first: client } }', 'found another `reply`'],
    [
      '{ connect: blocking, reply: false, close: { first: client } }',
      'expected no `reply` with `connect: blocking`',
    ],
    ['{ keepalive: 500ms, close: { first: server } }', 'expected whole seconds'],
    [
      '{ connect: blocking, keepalive: 2s, close: { first: server } }',
      'expected no `keepalive` with `connect: blocking`',
    ],
    ['{ reopen: often, close: { first: server } }', 'expected `true`, `false` or a number of times, 1 to 20'],
    ['{ reopen: 0, close: { first: server } }', 'FILE:5:17: expected at least 1, found `0`'],
    ['{ keepalife: 2s, close: { first: server } }', 'unknown key `keepalife`; did you mean `keepalive`?'],
  ])('%s is refused', async (text, problem) => {
    expect((await problemsOf(withLoad(text))).join('\n')).toContain(problem);
  });
});
