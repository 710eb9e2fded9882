/**
 * Whole jobs: examples in, decoded answers out. A task trains, evaluates, predicts, saves and loads.
 *
 * @module unrolled/tasks
 */

export { type Split, splitExamples } from "../data/splits.js";
export { charactersPerToken } from "../data/text/characters-per-token.js";
export { PieceTokenizer } from "../data/text/pieces/piece-tokenizer.js";
export type { PieceWriter } from "../data/text/pieces/piece-writer.js";
export { type TrainPiecesOptions, trainPieces } from "../data/text/pieces/train-pieces.js";
export type { TextWriter, Tokenizer, TokenUnit } from "../data/text/tokenizer.js";
export { pieceVocabularySize, Vocabulary, type VocabularyOptions } from "../data/text/vocabulary.js";
export { spacedWordTokenizer, wordTokenizer } from "../data/text/word-tokenizer.js";
export { type VocabularyVectors, vectorsOf, type WordVectors } from "../data/text/word-vectors.js";
export type { CellName } from "./cell-name.js";
export type { CalibrationBin, CalibrationReport } from "./classifier/calibration.js";
export { Classifier } from "./classifier/classifier.js";
export type { ClassifierExample, ClassifierInput, InputName, Row } from "./classifier/examples.js";
export type { Explanation, PartWeight } from "./classifier/explain.js";
export type { ClassMetrics } from "./classifier/f1.js";
export type { ClassifierBaseline, ClassifierMetrics } from "./classifier/metrics.js";
export { type NaiveBayesBaseline, type NaiveBayesOptions, naiveBayesBaseline } from "./classifier/naive-bayes.js";
export type { ClassifierNetwork } from "./classifier/network.js";
export type { ClassifierArchitecture, ClassifierOptions, ClassifierTokens, PoolingName } from "./classifier/options.js";
export type { ClassifierTrainedWith } from "./classifier/parts.js";
export type { Prediction } from "./classifier/prediction.js";
export type { Scaling } from "./classifier/running-moments.js";
export type { BacktestFold, BacktestOptions } from "./forecaster/backtest.js";
export type { CalendarFeature } from "./forecaster/calendar.js";
export type { EvaluateOptions, ForecasterMetrics } from "./forecaster/evaluate.js";
export { Forecaster } from "./forecaster/forecaster.js";
export type { IntervalName, PointLoss } from "./forecaster/intervals.js";
export type { ForecastLayers, ForecastNetwork } from "./forecaster/network.js";
export type { ForecasterArchitecture, ForecasterOptions, ForecasterTask, ForecastStrategy } from "./forecaster/options.js";
export type { ForecasterTrainedWith } from "./forecaster/plan.js";
export type { ForecastStep, PredictOptions } from "./forecaster/predict.js";
export type { ForecastRow } from "./forecaster/rows.js";
export type { ScalingName } from "./forecaster/scaling.js";
export type { ForecastScores } from "./forecaster/scores.js";
export { splitRows } from "./forecaster/split.js";
export type { ForecasterStream, StreamAnswer } from "./forecaster/stream.js";
export { type TimeValue, timePlace } from "./forecaster/time.js";
export type { WindowScaling } from "./forecaster/window-scaling.js";
export { LanguageModel, type LanguageModelMetrics } from "./language-model/language-model.js";
export { type NgramBaseline, ngramBaseline } from "./language-model/ngram.js";
export type { LanguageModelArchitecture, LanguageModelOptions, LanguageModelTokens } from "./language-model/options.js";
export type { TrainedWith } from "./language-model/parts.js";
export type { LanguageModelProgress } from "./language-model/progress.js";
export type { GenerateOptions, Writer } from "./language-model/sampling.js";
export { splitText } from "./language-model/split.js";
export type { LanguageModelStream } from "./language-model/stream.js";
export type { AnyModel } from "./load-model.js";
export { loadModel } from "./load-model.js";
export type { StepProgress, TaskProgress } from "./progress.js";
export { convertTags, type Entity, entitiesOf, tagsOf } from "./tagger/entities/entities.js";
export { type EntityScore, type EntityScores, entityScores } from "./tagger/entities/entity-scores.js";
export { schemeOf, type TagScheme } from "./tagger/entities/scheme.js";
export type { TaggerExample } from "./tagger/examples.js";
export type { TaggerArchitecture, TaggerOptions, TaggerWords } from "./tagger/options.js";
export type { TaggerTrainedWith } from "./tagger/parts.js";
export type { TagScore } from "./tagger/tag-counts.js";
export { type TaggedSentence, Tagger, type TaggerMetrics } from "./tagger/tagger.js";
export type { TrainingOptions } from "./training-options.js";
