import { copyFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findScenarios, listScenarios } from '../../../src/scenario/library.js';
import { makePlan } from '../../../src/scenario/plan.js';
import { packageRoot } from '../../../src/support/packageRoot.js';
import { UsageError } from '../../../src/support/errors.js';
import { minimal, withFile } from './scenarioFile.js';

const behaviours = ['client-first', 'client-half-close', 'client-reset', 'server-first'];
const shipped = join(packageRoot, 'scenarios/close/server-first.yaml');

describe('the library that comes with the package', () => {
  it('has every behaviour with the stock rules, the fixed rules and no firewall, in order', async () => {
    const ids = (await listScenarios()).map(({ id }) => id);
    expect(ids).toEqual([...ids].sort());
    for (const behaviour of behaviours) {
      for (const variant of ['', '-fixed', '-no-firewall'])
        expect(ids).toContain(`close/${behaviour}${variant}`);
    }
  });

  it('can all be planned', async () => {
    for (const scenario of await listScenarios()) {
      const plan = makePlan(scenario, { runId: 'r1', subnet: '198.18.7.0/24' });
      expect(plan.scenario).toBe(scenario.id);
      expect(plan.nodes).toHaveLength(2 + scenario.topology.realservers);
    }
  });

  it('tells each story in the first line, and names its schema in the second', async () => {
    for (const { file, title, story, why } of await listScenarios()) {
      const [first = '', second] = (await readFile(file, 'utf8')).split('\n');
      expect(first).toMatch(/^# [A-Z].{30,}\.$/);
      expect(second).toBe('# yaml-language-server: $schema=../scenario.schema.json');
      expect(first).not.toContain(title);
      expect(story.length).toBeGreaterThan(100);
      expect(why.length).toBeGreaterThan(100);
    }
  });

  it.each(behaviours)(
    'changes nothing but the rules of the director from %s to its variants',
    async (behaviour) => {
      const id = `close/${behaviour}`;
      const [stock, fixed, none] = await findScenarios([id, `${id}-fixed`, `${id}-no-firewall`]);
      for (const variant of [fixed!, none!]) {
        expect(variant.load).toEqual(stock!.load);
        expect(variant.topology).toEqual(stock!.topology);
        expect(variant.deadlines).toEqual(stock!.deadlines);
        expect(variant.roles.client).toEqual(stock!.roles.client);
        expect(variant.roles.realserver).toEqual(stock!.roles.realserver);
        expect(variant.expect).toEqual({ outcome: 'healthy', signal: undefined });
      }
      expect(stock!.expect).toEqual({
        outcome: 'close-blocked',
        signal: { kind: 'icmp', type: 3, code: 10, from: 'director' },
      });
      expect(stock!.roles.director.sysctls).toEqual({ 'net.ipv4.icmp_ratelimit': '0' });
      expect(stock!.roles.director.rules).toContain(
        '-A INPUT -p tcp -m state -m tcp --dport 80 --state NEW -j ACCEPT\n',
      );
      expect(fixed!.roles.director.rules).toBe(
        stock!.roles.director.rules?.replace('-m state -m tcp --dport 80 --state NEW', '-m tcp --dport 80'),
      );
      expect(none!.roles.director.rules).toBeUndefined();
    },
  );
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

  it('suggests the nearest id for each unknown one', async () => {
    const error = await failureOf(['close/server-frist', 'close/client-first', 'nonsense']);
    expect(error.message.split('\n')).toEqual([
      "expected a scenario's id or a .yaml file, found `close/server-frist`, which is neither; did you mean `close/server-first`?",
      "expected a scenario's id or a .yaml file, found `nonsense`, which is neither",
    ]);
    expect(error.hint).toContain('see `lvs-lab list`');
  });

  it.each(['close', 'close/'])('does not take the topic %s, and lists what it has', async (topic) => {
    const { message } = await failureOf([topic]);
    expect(message).toContain(`found the topic \`${topic}\``);
    expect(message).toContain('close/client-first, close/client-first-fixed');
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
      await copyFile(shipped, copy);
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
