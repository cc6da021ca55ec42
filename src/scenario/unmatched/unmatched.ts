import { roles } from '../../contracts/words/nodes.js';
import { byPlace } from '../model/place.js';
import type { UnmatchedName } from '../model/unmatchedName.js';
import { namesInCommands, keptNames } from './commandNames.js';
import { LabAddresses } from './lab/labAddresses.js';
import { type Checked, partsOf } from './parts.js';
import { namesInRules } from './ruleNames.js';
import { otherFamily } from './otherFamily.js';
import { namesInSysctls, otherPorts } from './settingNames.js';
import { roleNodes } from './roleNodes.js';
import { uncalled } from './uncalled.js';

/** All names in a scenario's rules, sets, commands and sysctls that its lab does not have, in the order of the file. */
export function unmatchedIn(checked: Checked): readonly UnmatchedName[] {
  const parts = partsOf(checked.scenario);
  const addresses = new LabAddresses(checked.scenario);
  const nodes = new Map(roles.map((role) => [role, roleNodes(role, parts, addresses, checked)]));
  const found = parts.flatMap((part) => {
    const node = nodes.get(part.role);
    const kept = keptNames(part, checked);
    const named =
      node === undefined
        ? []
        : [
            ...namesInRules(part, node, checked),
            ...namesInCommands(part, node, checked),
            ...otherFamily(part, node, checked),
            ...uncalled(part, checked),
          ];
    return [
      ...kept,
      ...named.filter((one) => !kept.some((other) => isSame(one, other))),
      ...namesInSysctls(part, checked),
      ...otherPorts(part, checked),
    ];
  });
  return grouped(found).sort((one, other) => byPlace(one.place, other.place));
}

/** Whether two speak of one name in one place. */
function isSame(one: UnmatchedName, other: UnmatchedName): boolean {
  return one.kind === other.kind && one.name === other.name && byPlace(one.place, other.place) === 0;
}

/** Merges findings that say the same of the same file; the merged one has the lines of all. */
function grouped(found: readonly UnmatchedName[]): UnmatchedName[] {
  const groups = new Map<
    string,
    { readonly first: UnmatchedName; readonly lines: Set<number>; counts: boolean }
  >();
  for (const one of found) {
    const key = JSON.stringify([one.place.file, one.message]);
    const group = groups.get(key) ?? { first: one, lines: new Set(), counts: false };
    group.lines.add(one.place.line);
    group.counts ||= one.counts;
    groups.set(key, group);
  }
  return [...groups.values()].map(({ first, lines, counts }) => {
    lines.delete(first.place.line);
    return { ...first, lines: [...lines], counts };
  });
}
