import type Docker from 'dockerode';
import { ownerLabel, ownerLabelValue } from '../owner.js';
import { runExec } from './exec.js';
import { runLabel } from './remove.js';

/**
 * Creates an IPVS service in a throwaway container. Returns undefined when that worked, else one sentence saying why not.
 * Nothing less is proof: ip_vs may be missing, blocked, or not reachable from a container's network namespace.
 */
export async function whyNoIpvs(
  docker: Docker,
  directorImage: string,
  runId: string,
): Promise<string | undefined> {
  const name = `lvs-lab-${runId}-ipvs-probe`;
  const container = await docker.createContainer({
    name,
    Image: directorImage,
    Labels: { [runLabel]: runId, [ownerLabel]: await ownerLabelValue() },
    HostConfig: { NetworkMode: 'none', CapDrop: ['ALL'], CapAdd: ['NET_ADMIN', 'NET_RAW'] },
  });
  try {
    await container.start();
    const result = await runExec(docker, name, ['ipvsadm', '-A', '-t', '192.0.2.1:80', '-s', 'rr'], {
      seconds: 60,
    });
    if (result.exitCode === 0) return undefined;
    const said = `${result.stdout}${result.stderr}`.trim().split('\n')[0] ?? '';
    return `its kernel refused an IPVS service: ${said === '' ? `ipvsadm ended with ${String(result.exitCode)}` : said}`;
  } finally {
    // `clean` finds it by its label; what was learnt from it matters more.
    await container.remove({ force: true, v: true }).catch(() => undefined);
  }
}
