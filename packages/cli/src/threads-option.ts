import { Option } from "commander";
import { wholeNumber } from "./option-values.js";

/** `--threads`, for commands that compute much. */
export function threadsOption(): Option {
  const threads = new Option("--threads <count>", "threads that compute; results don't depend on it (default: one a core)");
  return threads.argParser(wholeNumber({ minimum: 1, maximum: 256 }));
}
