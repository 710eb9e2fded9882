/** A classifier of texts: is a film praised? Words alone don't tell ("not dull" is praise), their order does. */
import { Classifier, type ClassifierExample, naiveBayesBaseline } from "unrolled/tasks";

const praise = ["great", "lovely", "fine"];
const blame = ["awful", "dull", "poor"];
const templates = ["the film is * and long", "a * story", "what * actors the film has", "it is * , they say", "* to the end"];

// every judging word in every sentence, alone and behind "not" or "hardly"; every fourth is kept for the test
const examples = templates.flatMap((template) =>
  ["", "not ", "hardly "].flatMap((before) =>
    [...praise, ...blame].flatMap((word): ClassifierExample[] => {
      const input = template.replace("*", before + word);
      return [{ input, label: praise.includes(word) === (before === "") ? "praise" : "blame" }];
    }),
  ),
);
const training = examples.filter((_, index) => index % 4 !== 2);
const test = examples.filter((_, index) => index % 4 === 2);

const classifier = await Classifier.train(training, { units: 16, batchSize: 8, learningRate: 0.01, epochs: 60, seed: 7 });
const { accuracy, f1, confusion, labels, baseline } = await classifier.evaluate(test);
console.log(`most frequent class ${baseline.accuracy.toFixed(3)}`);
console.log(`naive Bayes         ${naiveBayesBaseline(training, test).accuracy.toFixed(3)}`);
console.log(`the classifier      ${accuracy.toFixed(3)}, F1 ${f1.toFixed(3)}`);
console.log(labels, confusion);

const sentence = "they say the actors are not awful";
const { label, probability } = await classifier.predict(sentence);
console.log(`"${sentence}" is ${label} (${(100 * probability).toFixed(0)} %), because of`);
const { parts } = await classifier.explain(sentence);
for (const { part, weight } of parts) console.log(`${part.padEnd(8)}${weight > 0 ? "+" : ""}${weight.toFixed(1)}`);
