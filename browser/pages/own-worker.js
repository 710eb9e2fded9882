/** A worker as people write it, for a network of their own. */
import { losses } from "./trials.js";

void losses().then(postMessage);
