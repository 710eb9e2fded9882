/** `npm run build`: everything that the commands need, made from the sources as they are. */
import { setUp } from "./set-up/set-up.mjs";

await setUp();
