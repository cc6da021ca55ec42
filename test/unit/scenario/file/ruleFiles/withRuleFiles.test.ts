import { execFile } from 'node:child_process';
import { mkdir, symlink } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { loadScenario } from '../../../../../src/scenario/file/loadScenario.js';
import { largestFile } from '../../../../../src/scenario/file/yaml/readFile.js';
import { triedSteps } from '../../../../../src/scenario/plan/triedSteps.js';
import { unmatchedAt, unmatchedText } from '../../../../../src/scenario/unmatched/foundText.js';
import { refusedError } from '../../../../../src/run/nodes/refusals.js';
import type { Scenario } from '../../../../../src/scenario/model/scenario.js';
import { UsageError } from '../../../../../src/support/errors.js';
import { inFolder, minimal } from '../../scenarioFile.js';

const filter = (...rules: string[]) => ['*filter', ...rules, 'COMMIT', ''].join('\n');
const accepting = filter('-A INPUT -d ${VIP} -j ACCEPT');

type Files = Readonly<Record<string, string | Buffer>>;

/** The scenario of a folder's `site/mine.yaml`, which begins as the minimal one. */
function scenarioWith(lines: string, files: Files): Promise<Scenario> {
  return inFolder({ 'site/mine.yaml': minimal + lines, ...files }, (folder) =>
    loadScenario(join(folder, 'site/mine.yaml')),
  );
}

/** What is wrong with it, a line each, the folder's path left out; `prepare` adds to the folder what is no file. */
function problemsWith(
  lines: string,
  files: Files = {},
  prepare: (folder: string) => Promise<unknown> = () => Promise.resolve(),
): Promise<readonly string[]> {
  return inFolder({ 'site/mine.yaml': minimal + lines, ...files }, async (folder) => {
    await prepare(folder);
    const error = await loadScenario(join(folder, 'site/mine.yaml')).then(
      () => undefined,
      (found: unknown) => found,
    );
    if (!(error instanceof UsageError)) throw new Error(`expected problems, found ${String(error)}`);
    return error.message.replaceAll(`${relative(process.cwd(), folder)}/`, '').split('\n');
  });
}

/** All that a scenario comes to, but for where it was read. */
function meaning({ mutation, ...one }: Scenario) {
  const of = (some: Omit<Scenario, 'mutation'>) => ({
    ...{ ...some, file: '', hash: '', record: [], places: Object.keys(some.places) },
    unmatched: some.unmatched.map(({ message, counts }) => ({ message, counts })),
    steps: triedSteps(some),
  });
  return [one, ...(mutation === undefined ? [] : [mutation.scenario])].map(of);
}

const everywhere = (text: (name: string) => string) => `director:
  ipset: ${text('a.ipset')}
  rules: ${text('a.iptables')}
  rules6: ${text('a.ip6tables')}
  nftables: ${text('a.nft')}
realserver: { rules: ${text('a.iptables')} }
events:
  - { at: connected, on: client, rules: ${text('a.iptables')} }
  - { at: settled, on: client, nftables: ${text('a.nft')} }
mutation:
  what: other rules
  client: { rules6: ${text('a.ip6tables')} }
  director: { replace: [{ find: 'INPUT -s \${CLIENT}', with: 'OUTPUT -s \${CLIENT}' }] }
  events: [{ at: connected, on: director, ipset: ${text('a.ipset')} }]
`;
const texts: Readonly<Record<string, string>> = {
  'a.ipset': 'create s hash:ip\n',
  'a.iptables': filter('-A INPUT -s ${CLIENT} -j DROP'),
  'a.ip6tables': filter('-A INPUT -j ACCEPT'),
  'a.nft': 'table inet t { }\n',
};
const files: Files = Object.fromEntries(
  Object.entries(texts).map(([name, text]) => [`rules/${name}`, text] as const),
);

describe('a rule file', () => {
  it('says what its text would say in the scenario, under every key that takes rules', async () => {
    const named = await scenarioWith(
      everywhere((name) => `{ file: ../rules/${name} }`),
      files,
    );
    const inline = await scenarioWith(
      everywhere((name) => JSON.stringify(texts[name])),
      {},
    );
    expect(meaning(named)).toEqual(meaning(inline));
    expect(named.roles.director.rules).toBe(texts['a.iptables']);
    expect(named.mutation?.scenario.roles.director.rules).toContain('OUTPUT -s ${CLIENT}');
    expect(named.mutation?.scenario.roles.client.rules6).toBe(texts['a.ip6tables']);
    // The twin: another text in a file is another scenario.
    const other = await scenarioWith(
      everywhere((name) => `{ file: ../rules/${name} }`),
      { ...files, 'rules/a.nft': 'table inet u { }\n' },
    );
    expect(meaning(other)).not.toEqual(meaning(inline));
    expect(other.events[1]?.action).toMatchObject({ rules: { nftables: 'table inet u { }\n' } });
  });

  it('is found from the folder of the scenario, by an absolute path, and by an alias', async () => {
    await inFolder({ 'rules/a.iptables': accepting }, async (folder) => {
      const lines = `director: { rules: &it { file: ../rules/a.iptables } }\nrealserver: { rules: *it }\nclient: { rules: { file: '${folder}/rules/a.iptables' } }\n`;
      const { roles } = await scenarioWith(lines, { 'rules/a.iptables': accepting });
      expect([roles.director.rules, roles.realserver.rules, roles.client.rules]).toEqual(
        Array.from({ length: 3 }, () => accepting),
      );
    });
  });

  it('may be called anything', async () => {
    const name = 'of the day: "a b"\n\t$(x).iptables';
    const lines = `director: { rules: { file: ${JSON.stringify(name)} } }\n`;
    const { roles, record } = await scenarioWith(lines, { [`site/${name}`]: accepting });
    expect(roles.director.rules).toBe(accepting);
    expect(record[1]).toEqual({ name: `rules/${name}`, text: accepting });
  });
});

describe('what is wrong with rules in a file', () => {
  const named = 'director: { rules: { file: ../rules/a.iptables } }\n';

  it('is told at its own line', async () => {
    const text = '# mine\n*filter\n-A INPUT -s ${CLINT} -j DROP\nCOMMIT\n';
    expect(await problemsWith(named, { 'rules/a.iptables': text })).toEqual([
      expect.stringMatching(/^rules\/a\.iptables:3:1: expected a placeholder .* `\$\{CLINT\}`; did you mean/),
    ]);
    expect(await problemsWith(named, { 'rules/a.iptables': '*raw\nCOMMIT\n  *filter\nCOMMIT\n' })).toEqual([
      'rules/a.iptables:3:1: expected no blank before `*filter`, found one; iptables-restore refuses the line for it',
    ]);
    expect(await problemsWith(named, { 'rules/a.iptables': '# x\n*filter\n-A INPUT -j DROP\n' })).toEqual([
      'rules/a.iptables:3:1: expected a line `COMMIT` at the end of table `*filter`, found the end of the text',
    ]);
  });

  it('is told once where several nodes have it, behind what is wrong with the scenario', async () => {
    const lines = `${named}realserver: { rules: { file: ../rules/a.iptables } }\nclient: { rulez: x }\n`;
    expect(await problemsWith(lines, { 'rules/a.iptables': 'table inet t { }\n' })).toEqual([
      'site/mine.yaml:9:11: unknown key `rulez`; did you mean `rules`?',
      'rules/a.iptables:1:1: expected the output of iptables-save or ip6tables-save, found nftables rules; that goes below `nftables`',
    ]);
  });

  it('is told of its own line by the programs that refuse it, and so is what the lab does not have', async () => {
    const text = filter(
      '-A INPUT -i lo -j ACCEPT',
      '-A INPUT -i bond0 -j ACCEPT',
      '-A INPUT -i bond0 -j DROP',
    );
    const scenario = await scenarioWith(named, { 'rules/a.iptables': text });
    const [found] = scenario.unmatched;
    expect(unmatchedAt('site/mine.yaml', found!)).toMatch(
      /^rules\/a\.iptables:3:1: .*`bond0`.* \(also in line 4\)$/,
    );
    expect(unmatchedText(found!)).toMatch(/^\.\.\/rules\/a\.iptables, line 3, column 1: /);
    const step = triedSteps(scenario).find(({ kind }) => kind === 'rules');
    const refusal = { step: step!, line: 3, said: 'no such match' };
    const { message } = refusedError({ ...scenario, file: '/s/site/mine.yaml' }, [refusal], '/s');
    expect(message).toBe(
      'rules/a.iptables:3:1: no such match (rules of director): `-A INPUT -i bond0 -j ACCEPT`',
    );
  });

  it('is told where the scenario makes it so', async () => {
    const lines = `${named}mutation: { what: x, director: { replace: [{ find: COMMIT, with: '' }] } }\n`;
    expect(await problemsWith(lines, { 'rules/a.iptables': accepting })).toEqual([
      expect.stringMatching(/^site\/mine\.yaml:8:\d+: with the mutation made: expected a line `COMMIT`/),
    ]);
    const twice = lines.replace('COMMIT', 'T');
    expect(await problemsWith(twice, { 'rules/a.iptables': accepting })).toEqual([
      expect.stringMatching(
        /^site\/mine\.yaml:8:\d+: expected this text exactly once .*, found it \d+ times/,
      ),
    ]);
  });
});

describe('a rule file that is none', () => {
  const at = 'site/mine.yaml:7:28: ';
  const named = 'director: { rules: { file: a.iptables } }\n';

  it.each<[string, RegExp, Files, ((folder: string) => Promise<unknown>)?]>([
    [
      'is not there',
      /a\.iptables: expected a file of rules, found no such file; .*scenario file's folder$/,
      {},
    ],
    [
      'is a folder',
      /expected a regular file, found a directory; a rule file is/,
      { 'site/a.iptables/b': '' },
    ],
    [
      'is a FIFO',
      /expected a regular file, found a FIFO; a rule file is/,
      {},
      (folder) => promisify(execFile)('mkfifo', [join(folder, 'site/a.iptables')]),
    ],
    [
      'is a link that leads back to itself',
      /found a symbolic link that leads back to itself/,
      {},
      (folder) => symlink('a.iptables', join(folder, 'site/a.iptables')),
    ],
    [
      'is too large',
      /expected at most 6\.0 MiB, found 6\.0 MiB/,
      { 'site/a.iptables': Buffer.alloc(largestFile + 1, 35) },
    ],
  ])('and %s is told at the key that names it', async (_, message, some, prepare) => {
    const problems = await problemsWith(named, some, async (folder) => {
      await mkdir(join(folder, 'site'), { recursive: true });
      await prepare?.(folder.replace(/\/$/, ''));
    });
    const shown = problems.map((line) => line.replaceAll(/\S*\/site\/a/g, 'site/a'));
    expect(shown).toEqual([expect.stringMatching(message)]);
    expect(shown[0]).toMatch(new RegExp(`^${at}`));
  });

  it.each<[string, RegExp, string | Buffer]>([
    [
      'is no text',
      /^:1:1: expected text in UTF-8, found the byte 0x8b; it has NUL bytes too, /,
      Buffer.from([0x8b, 0xfe, 42, 0]),
    ],
    [
      'is in UTF-16',
      /^:1:1: expected text in UTF-8, found UTF-16 \(little-endian\), .*`iconv -f UTF-16 -t UTF-8` /,
      Buffer.from('\ufeff*filter\nCOMMIT\n', 'utf16le'),
    ],
    [
      'is in Latin-1',
      /^:3:7: expected text in UTF-8, found the byte 0xfc; /,
      Buffer.from('*filter\nCOMMIT\n# of Zürich\n', 'latin1'),
    ],
    [
      'has the line ends of Windows',
      /^:2:1: expected lines that end as Unix ends them, .*`sed -i 's\/\\r\$\/\/' site\/a\.iptables` takes/,
      '# x\n*filter\r\nCOMMIT\r\n',
    ],
    [
      'begins with a byte order mark',
      /^:1:1: .*found a byte order mark before them; `sed /,
      `\ufeff${accepting}`,
    ],
    [
      'is cut',
      /^:3:1: expected a last line that ends, found none.*`sed -i '\$a\\' site\/a\.iptables` ends it$/,
      accepting.trimEnd(),
    ],
    ['has a NUL', /^:2:1: expected text, found a NUL byte in it$/, '*filter\n# \0\nCOMMIT\n'],
  ])('and %s is told once, at the line of the rule file', async (_, message, content) => {
    const problems = await problemsWith(named, { 'site/a.iptables': content });
    const shown = problems.map((line) => line.replaceAll(/\S*\/site\/a/g, 'site/a'));
    expect(shown).toEqual([expect.stringMatching(/^site\/a\.iptables:/)]);
    expect(shown[0]?.replace('site/a.iptables', '')).toMatch(message);
  });

  it('and has the name of a folder is no file', async () => {
    const folder = 'director: { rules: { file: a.iptables/ } }\n';
    expect(await problemsWith(folder, { 'site/a.iptables': accepting })).toEqual([
      expect.stringMatching(
        /:7:28: .*a\.iptables\/: expected a file of rules, found a file where a folder is in its path; /,
      ),
    ]);
  });

  it('and has a name of two lines is told on one', async () => {
    expect(await problemsWith('director: { rules: { file: "a\\nb" } }\n')).toEqual([
      expect.stringMatching(/:7:28: .*site\/a\\nb: expected a file of rules, found no such file/),
    ]);
  });

  it('and is empty, or longer than rules may be, is told in itself', async () => {
    expect(await problemsWith(named, { 'site/a.iptables': '' })).toContain(
      'site/a.iptables:1:1: expected some text, found nothing',
    );
    const long = filter(`# ${'x'.repeat(2_500_000)}`);
    expect(await problemsWith(named, { 'site/a.iptables': long })).toEqual([
      expect.stringMatching(
        /^site\/a\.iptables:1:1: expected at most 2500000 characters .*, found 25000\d\d$/,
      ),
    ]);
  });

  it.each([
    ['rules: 5', '7:20: expected text, or `{ file: PATH }` of a file that has it, found `5`'],
    ['rules: { fiel: x }', '7:22: unknown key `fiel`; did you mean `file`?'],
    ['rules: { file: a, more: b }', '7:31: unknown key `more`; expected one of `file`'],
    ['rules: { file: 5 }', '7:28: expected text, found the number `5`; in quotes it is text'],
    ["nftables: { file: '' }", '7:31: expected some text, found nothing'],
    ['rules: [a.iptables]', '7:20: expected text, or `{ file: PATH }` of a file that has it, found a list'],
  ])('and is not named as one must be: %s', async (line, problem) => {
    expect(await problemsWith(`director: { ${line} }\n`)).toEqual([`site/mine.yaml:${problem}`]);
  });
});
