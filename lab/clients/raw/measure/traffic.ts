const types = 16;
const codes = 256;

/** Segments and packets of the flows, cumulative. */
export class Traffic {
  sent = 0;
  received = 0;
  retransmitted = 0;
  finsSent = 0;
  rstsSent = 0;
  unreadable = 0;
  readonly #icmp = new Uint32Array(types * codes);

  /** An ICMP error, whose types are below 16. */
  countIcmp(type: number, code: number): void {
    const index = (type % types) * codes + code;
    this.#icmp[index] = (this.#icmp[index] ?? 0) + 1;
  }

  /** `type/code` -> errors. */
  icmp(): Record<string, number> {
    const counts: Record<string, number> = {};
    this.#icmp.forEach((count, index) => {
      if (count > 0) counts[`${Math.floor(index / codes)}/${index % codes}`] = count;
    });
    return counts;
  }
}
