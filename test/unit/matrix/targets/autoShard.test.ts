import { describe, expect, it } from 'vitest';
import { shardFrom } from '../../../../src/matrix/targets/autoShard.js';
import { UsageError } from '../../../../src/support/errors.js';

const slurm = (index: string, first: string, count: string) => ({
  SLURM_ARRAY_TASK_ID: index,
  SLURM_ARRAY_TASK_MIN: first,
  SLURM_ARRAY_TASK_COUNT: count,
});

describe('the shard that the environment says', () => {
  it.each([
    ['our own variables', { LVS_LAB_SHARD_INDEX: '0', LVS_LAB_SHARDS: '4' }, '1/4'],
    ['GitLab, which counts from 1', { GITLAB_CI: 'true', CI_NODE_INDEX: '1', CI_NODE_TOTAL: '3' }, '1/3'],
    ['the last of GitLab', { CI_NODE_INDEX: '3', CI_NODE_TOTAL: '3' }, '3/3'],
    ['Buildkite', { BUILDKITE_PARALLEL_JOB: '1', BUILDKITE_PARALLEL_JOB_COUNT: '2' }, '2/2'],
    ['AWS Batch', { AWS_BATCH_JOB_ARRAY_INDEX: '2', AWS_BATCH_JOB_ARRAY_SIZE: '10' }, '3/10'],
    ['Slurm', slurm('1', '1', '4'), '1/4'],
    ['the last of Slurm', slurm('4', '1', '4'), '4/4'],
    [
      'Slurm counting from 10 in steps of 5',
      { ...slurm('20', '10', '4'), SLURM_ARRAY_TASK_STEP: '5' },
      '3/4',
    ],
    ['Kubernetes', { JOB_COMPLETION_INDEX: '4', LVS_LAB_SHARDS: '5' }, '5/5'],
    ['Nomad', { NOMAD_ALLOC_INDEX: '0', LVS_LAB_SHARDS: '2' }, '1/2'],
    [
      'ours before the service',
      { CI_NODE_INDEX: '1', CI_NODE_TOTAL: '3', LVS_LAB_SHARD_INDEX: '7', LVS_LAB_SHARDS: '8' },
      '8/8',
    ],
    [
      'the service before what its agent runs in',
      { BUILDKITE_PARALLEL_JOB: '0', BUILDKITE_PARALLEL_JOB_COUNT: '2', NOMAD_ALLOC_INDEX: '5' },
      '1/2',
    ],
    [
      'the next where one is empty',
      { CI_NODE_INDEX: '', JOB_COMPLETION_INDEX: '0', LVS_LAB_SHARDS: '1' },
      '1/1',
    ],
  ])('is known from %s', (_, env, shard) => {
    const { index, of } = shardFrom(env);
    expect(`${String(index)}/${String(of)}`).toBe(shard);
  });

  it.each([
    ['nothing', {}, /found none of LVS_LAB_SHARD_INDEX, CI_NODE_INDEX/, /--shard 1\/3/],
    ['a GitLab job that is not parallel', { CI_NODE_TOTAL: '1' }, /found none of/, /parallel: N/],
    ['GitHub Actions', { GITHUB_ACTIONS: 'true' }, /found none of/, /strategy.job-index/],
    [
      'Kubernetes without the total',
      { JOB_COMPLETION_INDEX: '0' },
      /LVS_LAB_SHARDS to be a whole number .*\(Kubernetes\); found nothing/,
      /set LVS_LAB_SHARDS/,
    ],
    [
      'an index that is none',
      { CI_NODE_INDEX: 'x', CI_NODE_TOTAL: '3' },
      /CI_NODE_INDEX .* found `x`/,
      /--shard/,
    ],
    [
      'GitLab counting from 0',
      { CI_NODE_INDEX: '0', CI_NODE_TOTAL: '3' },
      /CI_NODE_INDEX to be from 1 to 3/,
      /docs\/use\/matrix\.md/,
    ],
    [
      'an index past the end',
      { BUILDKITE_PARALLEL_JOB: '2', BUILDKITE_PARALLEL_JOB_COUNT: '2' },
      /from 0 to 1 .* found 2/,
      /docs/,
    ],
    [
      'a task of Slurm alone',
      { SLURM_ARRAY_TASK_ID: '3' },
      /SLURM_ARRAY_TASK_MIN to be a whole number/,
      /set/,
    ],
    ['a list of Slurm with a gap', slurm('5', '1', '3'), /from 1 to 3 .* found 5/, /docs/],
    ['no shards at all', { LVS_LAB_SHARD_INDEX: '0', LVS_LAB_SHARDS: '0' }, /LVS_LAB_SHARDS is 0/, /docs/],
  ])('is an error with %s', (_, env, message, hint) => {
    const attempt = () => shardFrom(env);
    expect(attempt).toThrow(UsageError);
    expect(attempt).toThrow(message);
    try {
      attempt();
    } catch (error) {
      expect((error as UsageError).hint).toMatch(hint);
    }
  });
});
