import type { RuleSet } from '../model/scenario.js';

/** The word for an interface that plays no part in the lab: rules that name it are left as they are. */
export const noInterface = 'none';

/** For each of the site's names of interfaces, the lab's name or `none`. */
export type InterfaceNames = Readonly<Record<string, string>>;

/** Replaces a name that the site uses for something else than the lab does. It is shorter than the kernel's limit of 15 letters. */
export const awayInterface = 'not-here';

/**
 * Replaces the site's names of interfaces in a text by the lab's. A name is replaced where it stands alone, in quotes or before a wildcard;
 * `eth+` and `eth*` become what the names that they cover become.
 */
export function renameInterfaces(text: string, names: InterfaceNames): string {
  const known = Object.keys(names);
  if (known.length === 0) return text;
  // All at once, so that two may change places.
  return text.replaceAll(/(?<![\w.@$/{-])[A-Za-z][\w.@-]*[+*]?(?![\w@/-])/g, (word) => {
    const meant = known.filter(
      (name) => name === word || (/[+*]$/.test(word) && name.startsWith(word.slice(0, -1))),
    );
    const target =
      meant.map((name) => names[name]).find((name) => name !== noInterface) ?? names[meant[0] ?? ''];
    if (target === undefined) return word;
    if (target !== noInterface) return target;
    return isOfLab(word) ? awayInterface : word;
  });
}

/** Replaces the site's name of an interface in a sysctl's name: `net.ipv4.conf.bond0.rp_filter`, `net.ipv4.conf.team0/100.rp_filter`. */
export function renameInSysctl(key: string, names: InterfaceNames): string {
  const [, before, name, after] = /^(net\.ipv[46]\.(?:conf|neigh)\.)(.+)(\.[^.]+)$/.exec(key) ?? [];
  const meant = name === undefined ? undefined : (names[name] ?? names[name.replaceAll('/', '.')]);
  return before === undefined || meant === undefined || meant === noInterface
    ? key
    : `${before}${meant}${after ?? ''}`;
}

/** Replaces the site's names of interfaces in a rule set. */
export function renameInRules(rules: RuleSet, names: InterfaceNames): RuleSet {
  const rename = (text: string | undefined) =>
    text === undefined ? undefined : renameInterfaces(text, names);
  return {
    ipset: rename(rules.ipset),
    rules: rename(rules.rules),
    rules6: rename(rules.rules6),
    nftables: rename(rules.nftables),
    commands: rules.commands.map((line) => renameInterfaces(line, names)),
  };
}

function isOfLab(name: string): boolean {
  return /^eth\d$/.test(name);
}
