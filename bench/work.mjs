/**
 * What each tool is asked to do.
 * @typedef {object} Work
 * @property {number} connections for tools that are told how many
 * @property {number} seconds for tools that make connections and are told how long
 * @property {number} floodSeconds for floods
 * @property {number} concurrency connections at a time
 * @property {string} scratch a folder for what is built and installed
 */

export {};
