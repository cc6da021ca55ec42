import { scenarioProblems } from './crossChecks/betweenSections.js';
import { scenarioSections } from './schema/file.js';

/** A scenario file. Strict throughout: an unknown key is an error. */
export const scenarioSchema = scenarioSections.superRefine((file, context) => {
  for (const { path, at, line, message } of scenarioProblems(file)) {
    context.addIssue({ code: 'custom', path: [...path], message, params: { at, line } });
  }
});
