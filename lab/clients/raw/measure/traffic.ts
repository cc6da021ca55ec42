const types = 16;
const codes = 256;

/** Counts the flows' segments and packets since the start. */
export class Traffic {
  sent = 0;
  received = 0;
  retransmitted = 0;
  finsSent = 0;
  rstsSent = 0;
  unreadable = 0;
  readonly #icmp = new Uint32Array(types * codes);

  /** Counts an ICMP error; its type must be below 16. */
  countIcmp(type: number, code: number): void {
    const index = (type % types) * codes + code;
    this.#icmp[index] = (this.#icmp[index] ?? 0) + 1;
  }

  /** The number of errors per `type/code`. */
  icmp(): Record<string, number> {
    const counts: Record<string, number> = {};
    this.#icmp.forEach((count, index) => {
      if (count > 0) counts[`${Math.floor(index / codes)}/${index % codes}`] = count;
    });
    return counts;
  }
}
