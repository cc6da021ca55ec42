import { describe, expect, it } from 'vitest';
import { connectDocker } from '../../../../src/engine/docker/connection.js';
import { removeByLabel, removeMatching } from '../../../../src/engine/docker/remove.js';
import { fakeDocker } from '../fakeDocker.js';

const run = (id: string) => ({ 'lvs-lab.run': id, 'lvs-lab.scenario': 'close/server-first' });

const contents = {
  containers: [
    { Id: 'c1', Names: ['/lvs-lab-a-client'], Labels: run('a') },
    { Id: 'c2', Names: ['/lvs-lab-b-client'], Labels: run('b') },
    { Id: 'c3', Names: ['/database'], Labels: { 'com.example': 'production' } },
  ],
  networks: [
    { Id: 'n1', Name: 'lvs-lab-a', Labels: run('a') },
    { Id: 'n2', Name: 'lvs-lab-b', Labels: run('b') },
    { Id: 'n3', Name: 'bridge', Labels: {} },
  ],
};

async function engine(parts: Parameters<typeof fakeDocker>[0] = contents) {
  const fake = await fakeDocker(parts);
  return { ...fake, docker: await connectDocker({ kind: 'socket', socketPath: fake.socketPath }) };
}

describe('removeByLabel', () => {
  it('removes the containers, also stopped ones and with their volumes, then the networks, of one run', async () => {
    const { docker, asked, removed } = await engine();
    await removeByLabel(docker, run('a'));
    expect(removed).toEqual(['/containers/c1', '/networks/n1']);
    const filters = '{"label":["lvs-lab.run=a","lvs-lab.scenario=close/server-first"]}';
    expect(asked).toEqual([
      `GET /containers/json?all=true&filters=${filters}`,
      'DELETE /containers/c1?force=true&v=true',
      `GET /networks?filters=${filters}`,
      'DELETE /networks/n1',
    ]);
  });
});

describe('removeMatching', () => {
  it('removes all runs by the label alone and names what it removed', async () => {
    const { docker, removed } = await engine();
    expect(await removeMatching(docker, ['lvs-lab.run'])).toEqual([
      'container lvs-lab-a-client',
      'container lvs-lab-b-client',
      'network lvs-lab-a',
      'network lvs-lab-b',
    ]);
    expect(removed.sort()).toEqual(['/containers/c1', '/containers/c2', '/networks/n1', '/networks/n2']);
  });

  it('removes only what is wanted', async () => {
    const { docker, removed } = await engine();
    const isB = ({ labels }: { readonly labels: Readonly<Record<string, string>> }) =>
      Promise.resolve(labels['lvs-lab.run'] === 'b');
    expect(await removeMatching(docker, ['lvs-lab.run'], isB)).toEqual([
      'container lvs-lab-b-client',
      'network lvs-lab-b',
    ]);
    expect(removed).toEqual(['/containers/c2', '/networks/n2']);
  });

  it.each([404, 409])(
    'is content when somebody else removed the same at the same time (%i)',
    async (status) => {
      const refusals = { '/containers/c1': status, '/networks/n1': status };
      const { docker, removed } = await engine({ ...contents, refusals });
      await removeMatching(docker, ['lvs-lab.run']);
      expect(removed.sort()).toEqual(['/containers/c2', '/networks/n2']);
    },
  );

  it('rejects with what the engine says when something cannot be removed', async () => {
    const { docker } = await engine({ ...contents, refusals: { '/containers/c1': 500 } });
    await expect(removeMatching(docker, ['lvs-lab.run'])).rejects.toThrow('refused with 500');
  });
});
