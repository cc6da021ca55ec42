/** What to do where a load did not get done in its time. */
export const moreTime = 'raise `deadlines.drive` in the scenario, or run fewer labs at a time (`--lanes 1`)';
