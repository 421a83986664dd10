/** What each setting of LABOR-LLM's fit does, for the appendix on fine-tuning. */
import type { LaborLlm } from '../models';

/** By the setting's name; a test finds those that are missing. */
export const settingMeanings: Readonly<Record<string, string>> = {
  hidden_size: 'width C of the vectors',
  intermediate_size: 'width inside the feed-forward network',
  num_hidden_layers: 'layers',
  num_attention_heads: 'heads of attention',
  num_key_value_heads: 'heads with keys and values of their own',
  rms_norm_eps: 'what a norm adds to a variance',
  rope_theta: 'how slowly the slowest position turns',
  max_position_embeddings: 'longest text in tokens',
  tie_word_embeddings: 'whether the softmax uses the token vectors',
  vocabulary: 'most tokens of the vocabulary',
  birthYear: 'whether the header says the year of birth',
  reminders: "whether entries say the age and the last jobs, and those who stay answer 'the same'",
  wholeTitles: 'whether each title is one token',
  titles: 'how titles are written: words, codes or permuted',
  wordVectors: 'whether tokens begin from vectors of the English words in them',
  contextWeight: "what a token outside titles counts in the loss, a title's token counting 1",
  epochs: 'passes over the train persons',
  leastUpdates: 'fewest steps, for which passes are added',
  batchTokens: 'most tokens of a batch',
  peak: 'highest learning rate',
  warmup: 'share of the steps that the learning rate rises for',
  floor: 'last learning rate, as a share of the highest',
  beta1: 'how long the mean of the gradients remembers (AdamW)',
  beta2: 'how long the mean of their squares remembers (AdamW)',
  epsilon: 'smallest divisor of a step (AdamW)',
  weightDecay: 'pull of matrices towards 0, in learning rates',
  clip: 'longest gradient let through',
  averaging: 'how long the mean of the weights remembers, which is validated and kept; 0 for the last weights',
  temperature: 'what the scores are divided by after the fit; above 1 for answers less sure',
  dropout: 'share of the units left out at random',
  leaveOut: "most of a career's observations that are left out, anew in each epoch",
  checkpointSeconds: 'seconds between checkpoints on disk',
};

/** A setting with the value that a fit had. */
export interface SettingUsed {
  readonly setting: string;
  readonly value: unknown;
  readonly meaning: string;
}

/** What a fit was told, setting by setting; of the decoder's shape what it is, which a base decides where there is one. */
export const settingsUsed = ({ training, decoder }: LaborLlm): readonly SettingUsed[] =>
  Object.entries({ ...training.settings, ...decoder.config })
    .filter(([setting]) => setting in training.settings)
    .map(([setting, value]) => ({ setting, value, meaning: settingMeanings[setting] ?? '' }));
