import type { ConnectionFate } from './types.js';

/** A fate and the sentence that says which observations decide it. */
export type Decision = Pick<ConnectionFate, 'fate' | 'because'>;
