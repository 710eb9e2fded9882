/**
 * What needs Node: the files of a model in a folder on disk.
 *
 * @module unrolled/node
 */

export { folder } from "./folder.js";
