// GitHub's own parser, bundled by the test that uses it: as it is published, Node 20 cannot load its JSON files.
import { NoOperationTraceWriter, parseWorkflow } from '@actions/workflow-parser';
import { parseAction } from '@actions/workflow-parser/actions/action-parser';

/** What GitHub would complain about in an action or a workflow; a message each. */
export function problemsOf(kind: 'action' | 'workflow', name: string, content: string): readonly string[] {
  const parse = kind === 'action' ? parseAction : parseWorkflow;
  const { context } = parse({ name, content }, new NoOperationTraceWriter());
  return context.errors.getErrors().map(({ message }) => message);
}
