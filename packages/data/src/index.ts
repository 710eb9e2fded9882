export { type ReadTextOptions, readText } from "./read-text.js";
