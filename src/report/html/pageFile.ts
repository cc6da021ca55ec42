/** The name of the page in a run's directory. */
export const pageFile = 'report.html';
