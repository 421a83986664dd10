export { cutByLength, epochBatches, sequenceBatches, tokenBatch, type TokenSequence } from './batches';
export { stepsWithin } from './budget';
export { newestCheckpoint, readCheckpoint, type TrainingState } from './checkpoint';
export { learningRateAt, SCHEDULES, type Schedule, type ScheduleName } from './schedule';
export { trainingStep, type StepResult, type Trainable } from './step';
export { endTraining, train, TrainingError, type TrainingData, type TrainingLog, type TrainingOptions } from './train';
export { windowBatches } from './windows';
