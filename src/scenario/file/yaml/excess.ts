import { Lexer } from 'yaml';

/** The most tokens of YAML. A scenario has some hundreds, because a text of rules is only one, however long. */
const mostTokens = 200_000;
const mostAliases = 1000;
/** The most maps and lists used as keys. Scenarios have none, and the parser writes each out as text, with those inside it. */
const mostExplicitKeys = 100;
/** The deepest nesting of maps and lists in brackets. */
const mostBrackets = 100;
/** The most columns before a line's first word, because deeper nesting is further right or after more dashes. */
const mostIndent = 200;

/**
 * What keeps a YAML text from being parsed in the time, memory and stack that a scenario deserves, as a sentence; undefined: nothing does. The
 * parser calls itself for each level, and near the end of its stack V8 gives up the whole process.
 */
export function excessOf(text: string): string | undefined {
  const counts = { tokens: 0, aliases: 0, explicitKeys: 0, brackets: 0 };
  let indent: number | undefined = 0;
  for (const token of new Lexer().lex(text)) {
    counts.tokens += 1;
    if (token.startsWith('*')) counts.aliases += 1;
    if (token === '?') counts.explicitKeys += 1;
    if (token === '[' || token === '{') counts.brackets += 1;
    if (token === ']' || token === '}') counts.brackets -= 1;
    indent = indentAfter(token, indent);
    const excess = worded(counts, indent ?? 0);
    if (excess !== undefined) return excess;
  }
  return undefined;
}

/** Columns of what stands before a line's first word; undefined behind it. */
function indentAfter(token: string, indent: number | undefined): number | undefined {
  // Of no width: the lexer's marks for a document, for the end of a bracket, and for a word that follows.
  if (['\u0002', '\u0018', '\u001f', '\ufeff'].includes(token)) return indent;
  if (token.endsWith('\n')) return 0;
  const isBefore = /^(?: +|[-?:])$/.test(token);
  return isBefore && indent !== undefined ? indent + token.length : undefined;
}

function worded(
  counts: {
    readonly tokens: number;
    readonly aliases: number;
    readonly explicitKeys: number;
    readonly brackets: number;
  },
  indent: number,
): string | undefined {
  if (counts.tokens > mostTokens)
    return `expected a scenario, found more than ${mostTokens} words and marks of YAML`;
  if (counts.aliases > mostAliases) return `expected at most ${mostAliases} aliases, found more`;
  if (counts.explicitKeys > mostExplicitKeys) return 'expected words as keys, found too many marked with `?`';
  if (counts.brackets > mostBrackets || indent > mostIndent)
    return 'expected maps and lists a few levels deep, found more levels than can be read';
  return undefined;
}
