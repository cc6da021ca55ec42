import type { Conversation } from '../../contracts/agents/conversation.js';
import type { Load } from '../../contracts/agents/load.js';

/** What the connections of a phase were to do, as plan.json has it. */
export interface Asked {
  readonly load: Load;
  /** What each flow does, one of these; empty where there is no raw-socket load. */
  readonly conversations: readonly Conversation[];
}
