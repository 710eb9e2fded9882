/** A process that begins anew what another has trained for long, and trains for so many minutes whenever it is asked to. */
import { type Reading, train, trainee } from "./training.js";

const own = trainee();

process.on("message", async (minutes: number) => {
  const [reading] = await train(own, minutes);
  process.send?.((reading as Reading).nanosecondsPerRow);
});
