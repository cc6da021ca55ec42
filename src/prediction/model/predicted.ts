/** What connections come to: an outcome of the lab's, or that it cannot be known; from the worst to the best. */
export const predictedOutcomes = [
  'unreachable',
  'handshake-blocked',
  'transfer-blocked',
  'close-blocked',
  'unknown',
  'healthy',
] as const;
export type Predicted = (typeof predictedOutcomes)[number];

/** The worst of several outcomes; what is unknown may be any. */
export function worstOf(outcomes: readonly Predicted[]): Predicted {
  return predictedOutcomes.find((one) => outcomes.includes(one)) ?? 'healthy';
}
