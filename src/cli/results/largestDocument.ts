/** The largest JSON document of a run that is read, in bytes. Thousands of results are hundreds of megabytes smaller. */
export const largestDocument = 512 * 1024 ** 2;
