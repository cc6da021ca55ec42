import type { EngineRecord } from '../../run/model/engineRecord.js';
import { addedToolText } from '../phrases/addedToolText.js';
import { engineText } from '../phrases/engineText.js';

/** A few lines on what an engine and its labs were made of. */
export function provenanceText({ identity, provenance }: EngineRecord): string {
  const lines = [engineText(identity)];
  if (provenance !== undefined) {
    const { kernel, roles, problems } = provenance;
    if (kernel !== undefined) {
      const { version, buildId = 'not known', config } = kernel;
      const configuration =
        config === undefined ? 'not known' : `${config.sha256.slice(0, 12)} (${config.from})`;
      lines.push(`kernel ${version}, build id ${buildId}, configuration ${configuration}`);
    }
    for (const [role, { system, iptables, packages, image }] of Object.entries(roles)) {
      const shown = ['ipvsadm', 'nftables', 'nginx', 'tcpdump'].flatMap((name) =>
        packages[name] === undefined ? [] : [`${name} ${packages[name]}`],
      );
      const made = image === undefined ? [] : [`image ${image.id.replace('sha256:', '').slice(0, 12)}`];
      const added = (image?.tools ?? []).map(addedToolText);
      lines.push(`${role}: ${[system, iptables, ...shown, ...made, ...added].join(', ')}`);
    }
    lines.push(...problems.map((problem) => `not found out: ${problem}`));
  }
  return `${lines.map((line) => `  ${line}`).join('\n')}\n`;
}
