/*===- stas-c/Runtime.h - Loads and runs a compiled model, from C -*- C -*-===*\
|*                                                                            *|
|* Part of the stas project, under the Apache License v2.0 with LLVM          *|
|* exceptions.                                                                *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
|*===----------------------------------------------------------------------===*|
|*                                                                            *|
|* All that a program needs to run an artifact of `stas compile`, for a CPU,  *|
|* a GPU or a simulated chip:                                                 *|
|*                                                                            *|
|*   StasModel *model;                                                        *|
|*   char *error = stasModelLoad("model.stas", NULL, &model);                 *|
|*   if (error)                                                               *|
|*     fail(error);                                                           *|
|*   StasModelInfo info = stasModelInfo(model);                               *|
|*   float *logits = malloc(count * info.classes * sizeof(float));            *|
|*   error = stasModelRun(model, count, images, logits, NULL);                *|
|*   stasModelFree(model);                                                    *|
|*                                                                            *|
|* Errors are texts, which name the file, what was required and what was      *|
|* found. An artifact for a CPU or a GPU is a program, which runs with the    *|
|* rights of the process.                                                     *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

#ifndef STAS_C_RUNTIME_H
#define STAS_C_RUNTIME_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** A model in memory. One run at a time; load it twice to run two at once. */
typedef struct StasModel StasModel;

/** What all zero means is what is usual. */
typedef struct StasLoadOptions {
  int threads;     /**< Of a CPU or a chip: how many; 0: as many as CPUs that the process may use. */
  const char *cpu; /**< Of an artifact with code for several kinds of CPU, the one to run; NULL: the best. */
  int gpu;         /**< Of an artifact for a GPU: which, as CUDA_VISIBLE_DEVICES counts. */
  int64_t batch;   /**< Images that a GPU computes together; 0: 256. Memory grows with it. */
} StasLoadOptions;

/** What a model is. Texts and arrays live as long as the model. */
typedef struct StasModelInfo {
  const char *source;    /**< File name of the checkpoint. */
  const char *target;    /**< "cpu", "cuda" or "chip". */
  const char *precision; /**< "f32", "int16" or "int8". */
  const char *code;      /**< What the code that runs was compiled for, or the chip's name. */
  const char *device;    /**< Of a GPU: its name; else empty. */
  /** An image: float [frames, channels, height, width]; frames is 1, or the number of timesteps. */
  int64_t frames, channels, height, width;
  /** For pixels in 0..1, how to normalise them: (x - mean[c]) / std[c]; NULL where nobody said. [channels] */
  const float *mean, *std;
  int64_t classes;
  int64_t timesteps;
  int halts;              /**< Whether tokens leave early. Of those models: */
  int64_t tokens, blocks; /**< as many tokens, in as many blocks; else 0. */
} StasModelInfo;

/**
 * Loads an artifact. options: NULL for what is usual.
 * Returns NULL and sets *model, or returns why not, for stasErrorFree(), and sets *model to NULL.
 */
char *stasModelLoad(const char *path, const StasLoadOptions *options, StasModel **model);

/** NULL is nobody's model and freed already. */
void stasModelFree(StasModel *model);

StasModelInfo stasModelInfo(const StasModel *model);

/**
 * Runs any number of images.
 * input: [images, frames, channels, height, width], normalised. logits: [images, classes].
 * halting: [images, tokens] or NULL: the number of (timestep, block) at which a token was active; of models that halt.
 * Returns NULL, or why not, for stasErrorFree(); results are then undefined.
 */
char *stasModelRun(StasModel *model, int64_t images, const float *input, float *logits, int32_t *halting);

void stasErrorFree(char *error);

#ifdef __cplusplus
}
#endif

#endif /* STAS_C_RUNTIME_H */
