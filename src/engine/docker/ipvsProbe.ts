import type Docker from 'dockerode';
import { runOneShot } from './oneShotContainer.js';

/**
 * Creates an IPVS service in a throwaway container. Returns undefined when that worked, else one sentence saying why not.
 * Nothing less is proof: ip_vs may be missing, blocked, or not reachable from a container's network namespace.
 */
export async function whyNoIpvs(
  docker: Docker,
  directorImage: string,
  runId: string,
): Promise<string | undefined> {
  const result = await runOneShot(docker, {
    runId,
    purpose: 'ipvs-probe',
    image: directorImage,
    network: 'none',
    argv: ['ipvsadm', '-A', '-t', '192.0.2.1:80', '-s', 'rr'],
  });
  if (result.exitCode === 0) return undefined;
  const said = `${result.stdout}${result.stderr}`.trim().split('\n')[0] ?? '';
  return `its kernel refused an IPVS service: ${said === '' ? `ipvsadm ended with ${String(result.exitCode)}` : said}`;
}
