import type { Conversation } from '../../contracts/agents/conversation.js';
import type { Load } from '../../contracts/agents/load.js';

/** What the connections of a phase were to do, as plan.json says. */
export interface RequestedLoad {
  readonly load: Load;
  /** The conversations that flows have; each flow has one of them. Empty when there is no raw-socket load. */
  readonly conversations: readonly Conversation[];
}
