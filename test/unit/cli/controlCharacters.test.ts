import { cpSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { LabError } from '../../../src/support/errors.js';
import { packageRoot } from '../../../src/support/packageRoot.js';
import { mendManifest } from '../evidence/mend.js';
import { fakeServices, folder, lvsLab, result } from './harness.js';

/** Colour, carriage return, bell, a title, C1's control sequence introducer, and an override of the direction of writing. */
const evil = 'a\u001b[31mb\rc\u0007d\u001b]0;e\u0007f\u009b2Jg\u0085h\u202ei\u2066j\u007fk';
const quoted = JSON.stringify(evil).slice(1, -1);

/** Raw control characters in an output; line ends and tabs are none. */
function rawIn(text: string): string[] {
  const raw = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;
  return (text.match(raw) ?? []).map((one) => `U+${one.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** A scenario with control characters in every text that may have them, as escapes of YAML. */
function scenarioFile(directory: string, lines: readonly string[] = []): string {
  const file = path.join(directory, 'evil.yaml');
  const text = [
    'id: mine/evil',
    `title: "T ${quoted}"`,
    `story: "S ${quoted}"`,
    `why: "W ${quoted}"`,
    'load: { close: { first: server } }',
    'expect: { outcome: healthy }',
    'director:',
    `  commands: ["echo '${quoted}'"]`,
    `  rules: "*filter\\n-A INPUT -i bond0 -m comment --comment \\"${quoted}\\" -j DROP\\nCOMMIT\\n"`,
    `  nftables: "# ${quoted}\\ntable ip x { }\\n"`,
    'realserver:',
    `  rules: "*filter\\n-A INPUT -m comment --comment \\"${quoted}\\" -j ACCEPT\\nCOMMIT\\n"`,
    `mutation: { what: "M ${quoted}", load: { connections: 3 } }`,
    ...lines,
  ];
  writeFileSync(file, `${text.join('\n')}\n`);
  return file;
}

/** A recorded run whose names and rules somebody has written control characters into, and mended the manifest of. */
async function doctoredRun(): Promise<string> {
  const copy = path.join(folder(), 'close-server-first');
  cpSync(path.join(packageRoot, 'test', 'fixtures', 'runs', 'close-server-first'), copy, { recursive: true });
  const edit = (name: string, change: (text: string) => string) => {
    const file = path.join(copy, name);
    writeFileSync(file, change(readFileSync(file, 'utf8')));
  };
  edit('plan.json', (text) =>
    text.replace('"scenario": "close/server-first"', `"scenario": "close/server-first ${quoted}"`),
  );
  edit('measured/director.final', (text) =>
    text.replaceAll('-j REJECT', `-m comment --comment "${evil.replaceAll('\r', '')}" -j REJECT`),
  );
  await mendManifest(copy);
  return copy;
}

describe('control characters', () => {
  it.each<readonly string[]>([
    ['validate'],
    ['plan'],
    ['plan', '--json'],
    ['run', '--list'],
    ['run', '--list', '--json'],
    ['run', '--mutate', '--list'],
  ])('of a scenario file are written out by %s %s %s', async (...argv) => {
    const [command = '', ...options] = argv;
    const { out, err } = await lvsLab([command, scenarioFile(folder()), ...options]);
    expect(out).not.toBe('');
    expect(rawIn(out + err)).toEqual([]);
    if (options.includes('--json')) expect(JSON.stringify(JSON.parse(out))).toContain(quoted.slice(0, 12));
    else if (command !== 'validate') expect(out).toContain('\\u001b[31m');
  });

  it('of an invalid file, its name among them, are written out in what is said of it', async () => {
    const directory = folder();
    for (const line of [
      `"${quoted}": 1`,
      `see: ["${quoted}"]`,
      `tags: ["${quoted}"]`,
      `\u001b[31m: \u009b2J`,
    ]) {
      const { code, out, err } = await lvsLab(['validate', scenarioFile(directory, [line])]);
      expect(code).toBe(5);
      expect(rawIn(out + err)).toEqual([]);
    }
    const { err } = await lvsLab(['validate', path.join(directory, `${evil}.yaml`)]);
    expect(err).toContain('\\u001b[31m');
    expect(rawIn(err)).toEqual([]);
    const usage = await lvsLab(['run', `--${evil}`]);
    expect(usage.code).toBe(5);
    expect(rawIn(usage.err)).toEqual([]);
  });

  it('of recorded evidence are written out by judge, and JSON stays JSON', async () => {
    const run = await doctoredRun();
    for (const options of [[], ['--json']] as const) {
      const { out, err } = await lvsLab(['judge', run, ...options]);
      expect(out).toContain('server-first a\\u001b[31m');
      expect(out).toMatch(/--comment .*\\u001b\[31m.*-j REJECT/);
      expect(rawIn(out + err)).toEqual([]);
      if (options.length > 0) expect(JSON.stringify(JSON.parse(out))).toContain('\\u001b[31m');
    }
  });

  it('of what nodes and engines say are written out by run, in every account', async () => {
    const directory = folder();
    const [junit, ktap] = [path.join(directory, 'j.xml'), path.join(directory, 'k.tap')];
    const summary = path.join(directory, 'summary.md');
    for (const progress of ['plain', 'tty', 'json', 'quiet']) {
      const { out, err } = await lvsLab(
        ['run', scenarioFile(directory), '--progress', progress, '--junit', junit, '--ktap', ktap],
        fakeServices({
          runScenarios: ({ jobs, emit }) => {
            emit({ type: 'engine-note', message: evil });
            emit({ type: 'engine-step', step: evil, state: 'started' });
            emit({ type: 'cleanup-problem', what: evil, error: new LabError(evil) });
            const error = new LabError(`said ${evil}`, { hint: evil, details: evil, cause: new Error(evil) });
            return Promise.resolve(jobs.map((job) => result({ error, verdict: undefined }, job)));
          },
        }),
        { env: { GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: summary } },
      );
      // The spinner moves the cursor; that is the lab's own.
      const own = /\u001b\[(?:\d*[ABCDGJKm]|\?25[hl])/g;
      const text = progress === 'tty' ? (out + err).replaceAll('\r', '').replaceAll(own, '') : out + err;
      expect(rawIn(text)).toEqual([]);
      expect(out).toContain('\\u001b[31m');
      for (const file of [junit, ktap, summary]) {
        const report = existsSync(file) ? readFileSync(file, 'utf8') : '';
        expect(report).toContain('said a');
        expect(rawIn(report)).toEqual([]);
      }
    }
  });

  it('would be found raw', () => {
    expect(rawIn(evil)).toHaveLength(10);
    expect(rawIn(quoted)).not.toEqual([]);
  });
});
