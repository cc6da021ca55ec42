/** How many flows, or segments of flows, in a thousand may be unexplained in a phase that can be judged. */
const inAThousand = 1;

/** How many of `all` may be unexplained. */
export function tolerated(all: number): number {
  return (all * inAThousand) / 1000;
}

/** `0.1 %`. */
export const boundText = `${inAThousand / 10} %`;
