/** Numbers for the names of nodes that answer, in the order in which they were first heard of; there are few. */
export class NodeNumbers {
  readonly names: string[] = [];

  of(name: string): number {
    const known = this.names.indexOf(name);
    return known >= 0 ? known : this.names.push(name) - 1;
  }
}
