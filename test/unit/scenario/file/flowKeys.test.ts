import { describe, expect, it } from 'vitest';
import { minimal, problemsOf, scenarioOf } from '../scenarioFile.js';

/** Problems of the minimal scenario with a `flows` section of these keys in line 7; they begin in column 10. */
function problemsIn(keys: string): Promise<readonly string[]> {
  return problemsOf(`${minimal}flows: { ${keys} }\n`);
}

const flowsOf = async (keys: string) => (await scenarioOf(`${minimal}flows: { ${keys} }\n`)).flows;
const base = 'count: 9, rate: 9, conversation: hold';

describe('flows', () => {
  it('are none unless the file has them', async () => {
    expect((await scenarioOf(minimal)).flows).toBeUndefined();
  });

  it('get defaults for all but their number, rate and conversation', async () => {
    expect(await flowsOf('count: 40000, rate: 800, conversation: client-rst')).toEqual({
      count: 40000,
      rate: 800,
      ramp: 0,
      concurrency: 1000,
      sources: 16,
      seed: 1,
      retries: { open: 5, data: 8, close: 8 },
      mix: [
        {
          weight: 1,
          conversation: {
            name: 'client-rst',
            steps: [
              { do: 'open' },
              { do: 'send', then: 'keep', upload: 0, download: 0, rate: 0 },
              { do: 'expect', what: 'reply' },
              { do: 'close', how: 'rst', ack: 'apart' },
            ],
          },
        },
      ],
    });
  });

  it('keep what the file says', async () => {
    expect(
      await flowsOf(
        'count: 7, rate: 3, ramp: 5s, concurrency: 2, sources: 64, seed: 0, retries: { open: 0, close: 15 }, conversation: hold',
      ),
    ).toMatchObject({
      ...{ count: 7, rate: 3, ramp: 5, concurrency: 2, sources: 64, seed: 0 },
      retries: { open: 0, data: 8, close: 15 },
    });
  });

  it.each([
    ['rate: 9, conversation: hold', 'FILE:7:1: missing key `count`: '],
    ['count: 9, conversation: hold', 'FILE:7:1: missing key `rate`: '],
    ['count: 0, rate: 9, conversation: hold', 'FILE:7:17: expected at least 1, found `0`'],
    [
      'count: 1000001, rate: 9, conversation: hold, sources: 64',
      'FILE:7:17: expected at most 1000000, found `1000001`',
    ],
    ['count: 9, rate: 100001, conversation: hold', 'FILE:7:26: expected at most 100000, found `100001`'],
    [`${base}, sources: 65`, 'FILE:7:58: expected at most 64, found `65`'],
    [`${base}, retries: { open: 16 }`, 'FILE:7:66: expected at most 15, found `16`'],
    [`${base}, retires: {}`, 'FILE:7:49: unknown key `retires`; did you mean `retries`?'],
    [
      'count: 120001, rate: 9, sources: 2, conversation: hold',
      'FILE:7:17: expected at most 120000, which is 60000 for each of the `sources`, found `120001`',
    ],
    ['count: 9, rate: 9', 'FILE:7:1: expected `conversation` or `mix`, found neither'],
    [`${base}, mix: [{ conversation: hold }]`, 'FILE:7:1: expected `conversation` or `mix`, found both'],
  ])('cannot be { %s }', async (keys, problem) => {
    const problems = await problemsIn(keys);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(problem);
  });

  it('can be as many as their sources have ports for', async () => {
    expect((await flowsOf('count: 120000, rate: 9, sources: 2, conversation: hold'))?.count).toBe(120_000);
  });

  it('can be mixed by weight, and steps of their own are told apart by number', async () => {
    const flows = await flowsOf(
      'count: 9, rate: 9, mix: [{ weight: 9, conversation: hold }, { conversation: [open, hold] }, { conversation: [open, close: rst] }]',
    );
    expect(flows?.mix.map(({ weight, conversation: { name } }) => [weight, name])).toEqual([
      [9, 'hold'],
      [1, 'custom 1'],
      [1, 'custom 2'],
    ]);
    const alone = await flowsOf('count: 9, rate: 9, mix: [{ conversation: [open, hold] }]');
    expect(alone?.mix[0]?.conversation.name).toBe('custom');
  });

  it('can be changed by a mutation', async () => {
    const { flows, mutation } = await scenarioOf(
      `${minimal}flows: { ${base} }\nmutation: { what: fewer, flows: { count: 3 } }\n`,
    );
    expect(mutation?.scenario.flows).toEqual({ ...flows, count: 3 });
  });
});

describe('a conversation step by step', () => {
  /** The steps begin in line 11. */
  const text = (steps: readonly string[]) =>
    `${minimal}flows:\n  count: 9\n  rate: 9\n  conversation:\n${steps.map((step) => `    - ${step}\n`).join('')}`;
  const problems = (...steps: string[]) => problemsOf(text(steps));

  it('has each step in the form that the agent takes', async () => {
    const { flows } = await scenarioOf(
      text([
        'open',
        'send: { then: keep, upload: 64KiB, rate: 1KiB }',
        'expect: reply',
        'wait: 1500ms',
        'send: { download: 1MiB }',
        'expect: reply',
        'expect: fin',
        'close: { how: fin, ack: riding }',
        'expect: acked',
        'reopen',
        'send',
        'close: half',
        'expect: reply',
        'close: rst',
      ]),
    );
    expect(flows?.mix[0]?.conversation).toEqual({
      name: 'custom',
      steps: [
        { do: 'open' },
        { do: 'send', then: 'keep', upload: 65536, download: 0, rate: 1024 },
        { do: 'expect', what: 'reply' },
        { do: 'wait', seconds: 1.5 },
        { do: 'send', then: 'close', upload: 0, download: 1048576, rate: 0 },
        { do: 'expect', what: 'reply' },
        { do: 'expect', what: 'fin' },
        { do: 'close', how: 'fin', ack: 'riding' },
        { do: 'expect', what: 'acked' },
        { do: 'reopen' },
        { do: 'send', then: 'close', upload: 0, download: 0, rate: 0 },
        { do: 'close', how: 'half', ack: 'apart' },
        { do: 'expect', what: 'reply' },
        { do: 'close', how: 'rst', ack: 'apart' },
      ],
    });
  });

  it('has requests that are answered late, or never', async () => {
    const { flows } = await scenarioOf(
      text([
        'open',
        'send: { then: keep, think: 3s }',
        'expect: reply',
        'send: { upload: 5, reply: false }',
        'close: fin',
      ]),
    );
    expect(flows?.mix[0]?.conversation.steps).toMatchObject([
      {},
      { do: 'send', then: 'keep', think: 3 },
      {},
      { do: 'send', upload: 5, reply: false },
      {},
    ]);
    expect(await problems('open', 'send: { reply: false, think: 3s }', 'close: fin')).toEqual([
      'FILE:12:29: expected no `think` beside `reply: false`, found one; a realserver that never answers sends nothing',
    ]);
  });

  it('begins with open, which is not repeated', async () => {
    expect(await problems('send', 'hold')).toEqual([
      'FILE:11:7: expected `open` first, found `send`',
      'FILE:12:7: expected `open` first, found `hold`',
    ]);
    expect(await problems('open', 'open', 'hold')).toEqual([
      'FILE:12:7: expected `open` once, found it again; `reopen` starts again from the same port',
    ]);
    expect(await problemsIn('count: 9, rate: 9, conversation: []')).toEqual([
      'FILE:7:43: expected steps that begin with `open`, found none',
    ]);
  });

  it.each([
    [
      'twice closed',
      ['open', 'send', 'close: fin', 'close: half'],
      '14:7: expected one `close` for a connection',
    ],
    ['closed twice by FIN', ['open', 'send', 'close: half', 'close: fin'], '14:7: expected one `close`'],
    [
      'a reply to nothing',
      ['open', 'expect: reply', 'close: fin'],
      '12:7: expected a `send` before `expect: reply`, found none',
    ],
    [
      'one reply waited for twice',
      ['open', 'send', 'expect: reply', 'expect: reply', 'hold'],
      '14:7: expected a `send` before `expect: reply`',
    ],
    [
      'a reply behind the whole close',
      ['open', 'send', 'close: fin', 'expect: reply'],
      '14:7: expected `close: half` before a reply',
    ],
    [
      'two requests at once',
      ['open', 'send: { then: keep }', 'send', 'hold'],
      '13:7: expected `expect: reply` between two requests',
    ],
    [
      'a request to a server that closes',
      ['open', 'send', 'expect: reply', 'send', 'hold'],
      '14:7: expected nothing to be sent behind a request after which the server closes',
    ],
    [
      'a reply to what is never answered',
      ['open', 'send: { reply: false }', 'expect: reply', 'close: fin'],
      '13:7: expected a `send` before `expect: reply`, found none that still wants its reply',
    ],
    [
      'a request behind one that is never answered',
      ['open', 'send: { reply: false }', 'send', 'close: fin'],
      '13:7: expected nothing to be sent behind a request that is never answered',
    ],
    [
      'a request behind the close',
      ['open', 'send: { then: keep }', 'expect: reply', 'close: half', 'send'],
      '15:7: expected nothing to be sent behind a `close`',
    ],
    [
      'the FIN of a server that has no reason',
      ['open', 'send: { then: keep }', 'expect: reply', 'expect: fin', 'close: fin'],
      '14:7: expected something that makes the server close before `expect: fin`',
    ],
    [
      'something behind a reset',
      ['open', 'close: rst', 'expect: acked'],
      '13:7: expected nothing to be waited for behind `close: rst`',
    ],
    [
      'an acknowledgement on a FIN that comes first',
      ['open', 'send: { then: keep }', 'expect: reply', 'close: { how: fin, ack: riding }'],
      '14:7: expected a server that closes first with `ack: riding`',
    ],
    [
      'an acknowledgement on a reset',
      ['open', 'send', 'expect: reply', 'close: { how: rst, ack: riding }'],
      '14:7: expected `how: fin` with `ack: riding`, found `rst`',
    ],
    ['something behind hold', ['open', 'hold', 'close: fin'], '13:7: expected nothing behind `hold`'],
    ['reopened while open', ['open', 'send', 'reopen', 'hold'], '13:7: expected a `close` before `reopen`'],
    [
      'reopened twice',
      ['open', 'close: rst', 'reopen', 'close: rst', 'reopen', 'hold'],
      '15:7: expected `reopen` at most once',
    ],
    [
      'an end that leaves the connection open',
      ['open', 'send', 'expect: reply'],
      '13:7: expected a conversation that ends with a `close` or `hold`, found one that ends with `expect: reply`',
    ],
    [
      'a reopened connection left open',
      ['open', 'close: rst', 'reopen'],
      '13:7: expected a conversation that ends with a `close` or `hold`',
    ],
  ])('cannot have %s', async (_, steps, problem) => {
    const found = await problems(...steps);
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(`FILE:${problem}`);
  });

  it.each([
    [
      'opne',
      'FILE:12:7: expected one of `open`, `send`, `reopen`, `hold`, found the text `opne`; did you mean `open`?',
    ],
    ['expct: reply', 'FILE:12:7: unknown key `expct`; did you mean `expect`?'],
    [
      'close: fyn',
      'FILE:12:14: expected one of `fin`, `rst`, `half`, found the text `fyn`; did you mean `fin`?',
    ],
    [
      'close: { how: fin, ack: apert }',
      'FILE:12:31: expected one of `apart`, `riding`, found the text `apert`; did you mean `apart`?',
    ],
    ['send: { then: stay }', 'FILE:12:21: expected one of `close`, `keep`, found the text `stay`'],
    ['send: { downlaod: 1KiB }', 'FILE:12:15: unknown key `downlaod`; did you mean `download`?'],
    ['wait: 2', 'FILE:12:13: expected a duration such as `500ms`, `15s` or `2m`, found `2`'],
    [
      '{ wait: 1s, close: fin }',
      'FILE:12:7: expected a step of one key (send, expect, wait or close), found `wait` and `close`',
    ],
    ['{}', 'FILE:12:7: expected a step of one key (send, expect, wait or close), found nothing'],
    ['send: { rate: 1KiB }', 'FILE:12:15: expected `upload` or `download` beside `rate`, found neither'],
    ['send: { upload: 1KiB, download: 1KiB }', 'FILE:12:29: expected `upload` or `download`, found both'],
  ])('does not take the step %s', async (step, problem) => {
    const found = await problems('open', step, 'hold');
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(problem);
  });

  it('takes the names of built-in conversations, and suggests them', async () => {
    const [problem] = await problemsIn('count: 9, rate: 9, conversation: server-frist');
    expect(problem).toContain('FILE:7:43: expected one of `server-first`, `server-first-riding`, ');
    expect(problem).toContain('found the text `server-frist`; did you mean `server-first`?');
  });
});

describe('what is expected of flows', () => {
  const flows = `flows: { ${base} }\n`;
  const withExpected = (expected: string) =>
    minimal.replace('{ outcome: healthy }', `{ outcome: healthy, flows: { ${expected} } }`) + flows;
  /** The keys begin in line 6, column 41. */
  const problems = (expected: string) => problemsOf(withExpected(expected));

  it('is left to the outcome when nothing is said', async () => {
    expect((await scenarioOf(minimal + flows)).expect.flows).toBeUndefined();
  });

  it('is what the file says', async () => {
    const { expect: expected } = await scenarioOf(
      withExpected(
        'outcome: close-blocked, stuck: { at-least: 99.5 }, closed: { at-most: 1 }, sockets: { FIN-WAIT-2: { at-least: 20000 }, ESTAB: { at-most: 0 } },' +
          ' ipvs: { ESTABLISHED: { at-least: 39000, at-most: 41000 } }, connect: { at-most: 500ms }, first-byte: { at-most: 1s }',
      ),
    );
    expect(expected.flows).toEqual({
      outcome: 'close-blocked',
      shares: {
        stuck: { atLeast: 99.5, atMost: undefined },
        closed: { atLeast: undefined, atMost: 1 },
      },
      sockets: {
        'FIN-WAIT-2': { atLeast: 20000, atMost: undefined },
        ESTAB: { atLeast: undefined, atMost: 0 },
      },
      ipvs: { ESTABLISHED: { atLeast: 39000, atMost: 41000 } },
      connect: { atLeast: undefined, atMost: 0.5 },
      firstByte: { atLeast: undefined, atMost: 1 },
    });
    expect((await scenarioOf(withExpected(''))).expect.flows).toEqual({
      ...{ outcome: undefined, shares: {}, sockets: {}, ipvs: {}, connect: undefined, firstByte: undefined },
    });
  });

  it('needs flows', async () => {
    const text = minimal.replace(
      '{ outcome: healthy }',
      '{ outcome: healthy, flows: { stuck: { at-most: 0 } } }',
    );
    expect(await problemsOf(text)).toEqual([
      'FILE:6:29: expected a `flows` section beside `expect.flows`, found none',
    ]);
  });

  it.each([
    ['outcome: helthy', '6:47: expected one of `healthy`'],
    ['stuck: { at-least: 101 }', '6:57: expected at most 100, found `101`'],
    ['stuck: {}', '6:45: expected `at-least`, `at-most` or both, found neither'],
    [
      'stuck: { at-least: 2, at-most: 1 }',
      '6:57: expected `at-least` not above `at-most`, found 2 % and 1 %',
    ],
    ['stuk: { at-least: 1 }', '6:38: unknown key `stuk`; did you mean `stuck`?'],
    [
      'sockets: { FIN_WAIT_2: { at-least: 1 } }',
      '6:49: unknown key `FIN_WAIT_2`; did you mean `FIN-WAIT-2`?',
    ],
    ['sockets: { ESTAB: { at-least: 1.5 } }', '6:68: expected a whole number, found `1.5`'],
    ['ipvs: { FIN-WAIT: { at-least: 1 } }', '6:46: unknown key `FIN-WAIT`; did you mean `FIN_WAIT`?'],
    ['connect: { at-most: 3 }', '6:58: expected a duration such as `500ms`'],
  ])('cannot be { %s }', async (expected, problem) => {
    const found = await problems(expected);
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(`FILE:${problem}`);
  });
});
