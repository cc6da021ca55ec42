import { Help } from '@commander-js/extra-typings';

/** The least room that a description beside its word has. */
const leastBeside = 40;
/** The columns before a description that stands below its word. */
const indent = 6;

/** The layout of `--help`: descriptions stand beside what they describe, and below it where the terminal has no room beside. */
export const helpLayout: Partial<Help> = {
  minWidthToWrap: 20,
  formatItem(term, termWidth, description, helper) {
    const width = helper.helpWidth ?? 80;
    if (description === '' || width - termWidth - 4 >= leastBeside) {
      return Help.prototype.formatItem.call(helper, term, termWidth, description, helper);
    }
    const lines = helper.boxWrap(description, width - indent).split('\n');
    return [`  ${term}`, ...lines.map((line) => ' '.repeat(indent) + line)].join('\n');
  },
};
