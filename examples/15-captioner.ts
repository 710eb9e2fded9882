/** A captioner: pictures of bars into words, a text as long as the picture is wide, and which columns were read for each word. */
import { Captioner, type CaptionerImage, imageAttentionSvg, mostFrequentText } from "unrolled/tasks";

const names = ["low", "middle", "high"];
let state = 7;
function random(): number {
  state = (state * 48271) % 2147483647;
  return state / 2147483647;
}

/** Bars of 3, 7 and 11 pixels in noise. */
function picture(bars: readonly string[]): CaptionerImage {
  const [height, width] = [12, 6 * bars.length];
  const data = Float32Array.from({ length: height * width }, (_, pixel) => {
    const [y, x] = [Math.floor(pixel / width), pixel % width];
    const isBar = x % 6 > 0 && x % 6 < 5 && height - y <= 3 + 4 * names.indexOf(bars[Math.floor(x / 6)] ?? "");
    return (isBar ? 0.8 : 0.1) + 0.1 * random();
  });
  return { height, width, data };
}
const examples = Array.from({ length: 500 }, () => {
  const bars = Array.from({ length: 2 + Math.floor(4 * random()) }, () => names[Math.floor(3 * random())] ?? "low");
  return { image: picture(bars), text: bars.join(" ") };
});
const [training, test] = [examples.slice(0, 400), examples.slice(400)];
const options = { units: 32, filters: [8, 16], dropout: 0, batchSize: 16, learningRate: 0.01, epochs: 16, seed: 7 };
const captioner = await Captioner.train(training, options);

const answer = await mostFrequentText(training);
console.log(`right by the most frequent text: ${test.filter((example) => answer(example) === example.text).length} %`);
const { exactMatch, wordError } = await captioner.evaluate(test);
console.log(`right by the captioner: ${(100 * exactMatch).toFixed(0)} %, word error ${wordError.toFixed(3)}`);

const image = picture(["high", "low", "middle", "low"]);
const caption = await captioner.predict(image);
for (const [place, row] of caption.attention.entries()) {
  console.log(`${caption.tokens[place]?.padEnd(8)}${row.map((share) => share.toFixed(2).padStart(5)).join("")}`);
}
console.log(`drawn over the picture: ${imageAttentionSvg(image, caption).length} characters of SVG`);
