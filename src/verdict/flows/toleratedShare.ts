/** Of flows, or of their segments, this share may go astray before nothing can be said any more: one in a thousand. */
const inAThousand = 1;

/** How many of so many may go astray. */
export function tolerated(all: number): number {
  return (all * inAThousand) / 1000;
}

/** `0.1 %`. */
export const boundText = `${inAThousand / 10} %`;
