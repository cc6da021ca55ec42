import { UsageError } from '../../support/errors.js';
import type { Shard } from './shard.js';

/** Environment variables in which a service that starts this program several times tells which one it is. */
interface Source {
  readonly name: string;
  readonly index: string;
  readonly total: string;
  /** The index that the first one has, or the variable that says which. */
  readonly first: 0 | 1 | { readonly variable: string };
  /** The variable that says by how much the index grows from one to the next; left out: by one. */
  readonly step?: string;
}

/**
 * Services in the order in which they are tried. Our own variables come first, because whoever set them meant this program. CI services
 * come before the systems that their agents run in: a CI agent in Nomad has an index there that has nothing to do with the job.
 */
const sources: readonly Source[] = [
  { name: 'LVS_LAB_SHARD_INDEX', index: 'LVS_LAB_SHARD_INDEX', total: 'LVS_LAB_SHARDS', first: 0 },
  { name: 'GitLab', index: 'CI_NODE_INDEX', total: 'CI_NODE_TOTAL', first: 1 },
  { name: 'Buildkite', index: 'BUILDKITE_PARALLEL_JOB', total: 'BUILDKITE_PARALLEL_JOB_COUNT', first: 0 },
  { name: 'AWS Batch', index: 'AWS_BATCH_JOB_ARRAY_INDEX', total: 'AWS_BATCH_JOB_ARRAY_SIZE', first: 0 },
  // The index is where the submitter had it begin, and only of whole arrays a share of the work is known.
  {
    name: 'Slurm',
    index: 'SLURM_ARRAY_TASK_ID',
    total: 'SLURM_ARRAY_TASK_COUNT',
    first: { variable: 'SLURM_ARRAY_TASK_MIN' },
    step: 'SLURM_ARRAY_TASK_STEP',
  },
  // These two do not say how many there are.
  { name: 'Kubernetes', index: 'JOB_COMPLETION_INDEX', total: 'LVS_LAB_SHARDS', first: 0 },
  { name: 'Nomad', index: 'NOMAD_ALLOC_INDEX', total: 'LVS_LAB_SHARDS', first: 0 },
];

/** The shard that the environment names, for `--shard auto`. Throws UsageError when it names none, or an impossible one. */
export function shardFrom(env: NodeJS.ProcessEnv): Shard {
  const source = sources.find(({ index }) => isSet(env[index]));
  if (source === undefined) throw nothingSaid(env);
  const first =
    typeof source.first === 'number' ? source.first : wholeNumber(env, source.first.variable, source);
  const step =
    source.step === undefined || !isSet(env[source.step]) ? 1 : wholeNumber(env, source.step, source);
  const index = wholeNumber(env, source.index, source);
  const of = wholeNumber(env, source.total, source);
  const place = (index - first) / step;
  if (Number.isInteger(place) && place >= 0 && place < of) return { index: place + 1, of };
  throw new UsageError(
    `expected ${source.index} to be from ${String(first)} to ${String((of - 1) * step + first)}${step === 1 ? '' : ` in steps of ${String(step)}`} for --shard auto, as ${source.total} is ${String(of)}; found ${String(index)}`,
    { hint: 'set both as the table in docs/use/matrix.md has them, or say it yourself: --shard 1/3' },
  );
}

function nothingSaid(env: NodeJS.ProcessEnv): UsageError {
  const hint =
    env['GITHUB_ACTIONS'] === 'true'
      ? 'GitHub Actions has no such variable: set LVS_LAB_SHARD_INDEX to strategy.job-index and LVS_LAB_SHARDS to strategy.job-total in the `env` of the step'
      : 'have the job started several times (GitLab: `parallel: N`), set LVS_LAB_SHARD_INDEX (from 0) and LVS_LAB_SHARDS, or say it yourself: --shard 1/3';
  const known = sources.map(({ index }) => index).join(', ');
  return new UsageError(
    `expected the environment to say which shard this is, for --shard auto; found none of ${known}`,
    {
      hint,
    },
  );
}

function wholeNumber(env: NodeJS.ProcessEnv, variable: string, source: Source): number {
  const text = env[variable];
  if (text !== undefined && /^\d{1,6}$/.test(text)) return Number(text);
  const found = isSet(text) ? `\`${text ?? ''}\`` : 'nothing';
  throw new UsageError(
    `expected ${variable} to be a whole number for --shard auto, as ${source.index} is set (${source.name}); found ${found}`,
    { hint: `set ${variable}, or say it yourself: --shard 1/3` },
  );
}

function isSet(text: string | undefined): boolean {
  return text !== undefined && text !== '';
}
