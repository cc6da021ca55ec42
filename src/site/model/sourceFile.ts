/** A file of a site, as it was given. */
export interface SourceFile {
  /** Its name as people know it. */
  readonly name: string;
  readonly text: string;
  /** Whether it was named itself; else it is one of a folder's. */
  readonly isNamed?: boolean;
}

/** What kinds of files a site is read from; which one a file is, its content says. */
export const fileKinds = [
  'iptables-save',
  'ip6tables-save',
  'nft',
  'ipset',
  'ipvsadm',
  'keepalived',
  'ldirectord',
  'sysctl',
  'ip-address',
  'ip-route',
  // What collect.sh says of the machine.
  'about',
] as const;
export type FileKind = (typeof fileKinds)[number];

/** A file, and where each of its lines stands: it may be put together of several. */
export interface PlacedFile extends SourceFile {
  /** Undefined: all of it is the file's own. */
  readonly places?: readonly { readonly file: string; readonly line: number }[] | undefined;
}

/** Where something stands in one of a site's files; lines count from 1. */
export interface FileLine {
  readonly file: string;
  readonly line: number;
  /** The line, without the blanks around it. */
  readonly text: string;
}
