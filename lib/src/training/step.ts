import { squaredNorm, tf, type AdamW, type Parameters } from '../tensors';

/** What the training loop can fit: anything with parameters and a loss. */
export interface Trainable<Batch> {
  readonly parameters: Parameters;
  /** The mean loss over a batch; the seed decides what dropout drops. Called inside `tf.tidy`. */
  loss(batch: Batch, dropoutSeed: number): tf.Scalar;
}

export interface StepResult {
  readonly loss: number;
  /** Euclidean length of the whole gradient before clipping. */
  readonly gradientNorm: number;
}

/**
 * One step of training: loss, gradients, clipping by the global norm (Pascanu et al. 2013), update. Leaves no tensor
 * behind but the parameters' new values, and reads from the backend once.
 *
 * @param clip longest gradient let through, Infinity for no clipping
 * @throws Error where the loss is not finite, before anything is updated
 */
export const trainingStep = <Batch>(
  model: Trainable<Batch>,
  optimizer: AdamW,
  batch: Batch,
  learningRate: number,
  dropoutSeed: number,
  clip: number,
): StepResult =>
  tf.tidy(() => {
    const { value, grads } = tf.variableGrads(() => model.loss(batch, dropoutSeed), model.parameters.variables);
    const byName: Record<string, tf.Tensor> = {};
    for (const name of model.parameters.names) {
      byName[name] = grads[model.parameters.get(name).name] as tf.Tensor;
    }
    const [loss, square] = tf.stack([value, squaredNorm(Object.values(byName))]).dataSync() as unknown as [
      number,
      number,
    ];
    const gradientNorm = Math.sqrt(square);
    if (!Number.isFinite(loss) || !Number.isFinite(gradientNorm)) {
      throw new Error(
        `the loss is ${loss} and the gradient's norm ${gradientNorm} at learning rate ${learningRate}: lower the learning rate.`,
      );
    }
    optimizer.step(byName, learningRate, gradientNorm > clip ? clip / gradientNorm : 1);
    return { loss, gradientNorm };
  });
