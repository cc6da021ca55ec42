import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isMap, isScalar, parseDocument, visit } from 'yaml';
import { findScenarios, listScenarios } from '../../../../src/scenario/library/library.js';
import { ruleTextKeys } from '../../../../src/contracts/words/rules.js';
import { makePlan } from '../../../../src/scenario/plan/makePlan.js';
import { packageRoot } from '../../../../src/support/packageRoot.js';
import { UsageError } from '../../../../src/support/errors.js';
import { makeShape } from '../../../../src/scenario/plan/shape.js';
import { subnets } from '../planning.js';
import { libraryText } from '../libraryText.js';
import { minimal, withFile } from '../scenarioFile.js';

const shipped = join(packageRoot, 'scenarios/close/server-first.yaml');

describe('the library that comes with the package', () => {
  it('is in order, and has the repro with its cure and its control', async () => {
    const ids = (await listScenarios()).map(({ id }) => id);
    expect(ids).toEqual([...ids].sort());
    for (const variant of ['', '-fixed', '-no-firewall'])
      expect(ids).toContain(`close/server-first${variant}`);
  });

  it('can all be planned, and so can its mutations', async () => {
    for (const scenario of await listScenarios()) {
      for (const one of [scenario, scenario.mutation!.scenario]) {
        const shape = makeShape(one, { runId: 'r1', lab: 1, subnets });
        const hosts = shape.nodes.filter(({ within }) => within === undefined);
        expect(makePlan(one, 'r1', shape).nodes).toHaveLength(hosts.length);
      }
    }
  });

  it('has load scenarios of its own, which all have flows, and no others have', async () => {
    const ids = (await listScenarios()).filter(({ flows }) => flows !== undefined).map(({ id }) => id);
    expect(ids).toContain('load/story-at-scale');
    expect(ids).toEqual((await findScenarios(['load/*'])).map(({ id }) => id));
  });

  it('can all be told to fail: each has a mutation', async () => {
    const without = (await listScenarios()).filter(({ mutation }) => mutation === undefined);
    expect(without.map(({ id }) => id)).toEqual([]);
  });

  it('names nothing that its labs lack and a verdict may depend on', async () => {
    const all = (await listScenarios()).flatMap((one) => [one, one.mutation!.scenario]);
    const counting = all.flatMap(({ id, unmatched }) =>
      unmatched.filter(({ counts }) => counts).map(({ message }) => `${id}: ${message}`),
    );
    expect(counting).toEqual([]);
  });

  it('tells each story in the first line, and names its schema in the second', async () => {
    for (const { id, file, title, story, why } of await listScenarios()) {
      const [first = '', second] = (await readFile(file, 'utf8')).split('\n');
      expect(first, id).toMatch(/^# [A-Z].{30,}\.$/);
      expect(second, id).toBe('# yaml-language-server: $schema=../scenario.schema.json');
      expect(first, id).not.toBe(`# ${title}.`);
      expect(story?.length, id).toBeGreaterThanOrEqual(100);
      expect(why?.length, id).toBeGreaterThanOrEqual(100);
    }
  });
});

describe("the library's rules", () => {
  const library = join(packageRoot, 'scenarios');

  /** By what is written under keys for rules, which files have it: a text, or a rule file's name. */
  async function written(): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
    const found = new Map<string, Set<string>>();
    for (const { file } of await listScenarios()) {
      visit(parseDocument(await readFile(file, 'utf8')), {
        Pair(_, { key, value }) {
          if (!isScalar(key) || !ruleTextKeys.some((name) => name === key.value)) return;
          // A mutation that takes rules away.
          if (isScalar(value) && value.value === null) return;
          const what = String(isMap(value) ? value.get('file') : isScalar(value) ? value.value : value);
          found.set(what, (found.get(what) ?? new Set()).add(file));
        },
      });
    }
    return found;
  }

  it('stand in a file of their own where several scenarios have them, and in the scenario where one has', async () => {
    const all = await written();
    const several = [...all].filter(([, files]) => files.size > 1).map(([what]) => what);
    const names = await readdir(join(library, 'rules'));
    expect(several.sort()).toEqual(names.map((name) => `../rules/${name}`).sort());
    expect(all.size).toBeGreaterThan(several.length);
  });

  it('say in the first line of their file what they are', async () => {
    for (const name of await readdir(join(library, 'rules'))) {
      expect(await readFile(join(library, 'rules', name), 'utf8'), name).toMatch(/^# [A-Z].{20,}\.\n/);
    }
  });
});

describe('finding scenarios', () => {
  it('takes ids and files, in the order given, each once', async () => {
    await withFile(minimal, async (file) => {
      const found = await findScenarios(['close/server-first', file, shipped, 'close/client-first', file]);
      expect(found.map(({ id }) => id)).toEqual([
        'close/server-first',
        'close/example',
        'close/client-first',
      ]);
    });
  });

  it('takes globs over ids, in their order and each once', async () => {
    const all = (await listScenarios()).map(({ id }) => id);
    const found = async (...args: string[]) => (await findScenarios(args)).map(({ id }) => id);
    expect(await found('close/*')).toEqual(all.filter((id) => id.startsWith('close/')));
    expect(await found('*/server-first*')).toEqual(all.filter((id) => id.includes('/server-first')));
    expect(await found('**')).toEqual(all);
    expect((await found('close/server-first', 'close/{client,server}-first')).sort()).toEqual([
      'close/client-first',
      'close/server-first',
    ]);
    expect(await found('close/server-first', 'close/*')).toHaveLength((await found('close/*')).length);
  });

  it.each([
    ['clsoe/*', 'found `clsoe/*`, which matches none; did you mean `close/*`?'],
    ['close/nothing-*', 'found `close/nothing-*`, which matches none; the topics are clients, close, '],
    ['*', 'found `*`, which matches none; the topics are clients, close, '],
  ])('suggests what the glob %s may have been', async (glob, message) => {
    const error = await failureOf([glob, 'close/server-first']);
    expect(error.message).toContain(message);
    expect(error.message.split('\n')).toHaveLength(1);
  });

  it('suggests the nearest id for each unknown one', async () => {
    const error = await failureOf(['close/server-frist', 'close/client-first', 'nonsense']);
    expect(error.message.split('\n')).toEqual([
      "expected a scenario's id, a glob over ids or a .yaml file, found `close/server-frist`, which is none of them; did you mean `close/server-first`?",
      "expected a scenario's id, a glob over ids or a .yaml file, found `nonsense`, which is none of them",
    ]);
    expect(error.hint).toContain('see `lvs-lab list`');
  });

  it('takes nothing for nothing', async () => {
    expect((await failureOf([''])).message).toContain('found ``');
  });

  it.each(['close', 'close/'])('does not take the topic %s, and lists what it has', async (topic) => {
    const { message } = await failureOf([topic]);
    expect(message).toContain(`found the topic \`${topic}\``);
    expect(message).toContain(
      '`close/*` takes all of its scenarios: close/client-first, close/client-first-fixed',
    );
  });

  it('reports the problems of all files together', async () => {
    await withFile('id: 1\n', async (broken) => {
      const { message } = await failureOf([broken, 'missing.yaml']);
      expect(message).toContain(`${relative(process.cwd(), broken)}:1:5: expected`);
      expect(message).toContain('missing.yaml: expected a scenario file, found no such file');
    });
  });

  it('does not take two files with one id', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'lvs-lab-library-'));
    try {
      const copy = join(folder, 'copy.yaml');
      await writeFile(copy, libraryText('close/server-first'));
      const { message } = await failureOf(['close/server-first', copy]);
      expect(message).toContain('found `close/server-first` in two files');
      expect(message).toContain(copy);
      expect(await findScenarios([copy])).toHaveLength(1);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('finds nothing when nothing is named', async () => {
    expect(await findScenarios([])).toEqual([]);
  });
});

async function failureOf(args: readonly string[]): Promise<UsageError> {
  const error: unknown = await findScenarios(args).catch((reason: unknown) => reason);
  if (error instanceof UsageError) return error;
  throw new Error(`expected a UsageError, found ${JSON.stringify(error)}`);
}
