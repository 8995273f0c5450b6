/*
 * The speech network while it learns: the same arithmetic as test/vad/reference.ts, for many lines at once.
 * Rows of all arrays are chunks in the order of time, then of lines: chunk t of line b is row t * lines + b.
 */
#ifndef NETWORK_H
#define NETWORK_H

#include "matrix.h"

enum {
  BINS = 65,
  UNITS = 128,
  CHUNK = 256,
  CONTEXT = 32,
  HEARD = CONTEXT + CHUNK + CONTEXT, /* the end is mirrored */
  GATES = 4 * UNITS,
  SPECTRUM_ROW = 6 * BINS,  /* four times, a row of zeros before and after */
  FIRST_ROW = 5 * UNITS,    /* a row of zeros, then four times */
  SECOND_ROW = 2 * 64,
  THIRD_ROW = 64,
};

/* Where the parameters stand in one array. Convolutions are (tap, in, out); taps that only meet padding are left out. */
enum {
  CONV1 = 0,
  BIAS1 = CONV1 + 3 * BINS * UNITS,
  CONV2 = BIAS1 + UNITS,
  BIAS2 = CONV2 + 3 * UNITS * 64,
  CONV3 = BIAS2 + 64,
  BIAS3 = CONV3 + 2 * 64 * 64,
  CONV4 = BIAS3 + 64,
  BIAS4 = CONV4 + 64 * UNITS,
  INPUT = BIAS4 + UNITS, /* LSTM, (in, gate): gates are i, f, g, o */
  MEMORY = INPUT + UNITS * GATES,
  GATE_BIAS = MEMORY + UNITS * GATES,
  OUT = GATE_BIAS + GATES,
  OUT_BIAS = OUT + UNITS,
  PARAMETERS = OUT_BIAS + 1,
};

/* What a stretch of sound leaves behind in every layer. */
typedef struct {
  int lines, chunks, rows;
  real *samples;  /* rows × HEARD, −1…1 */
  real *spectrum; /* rows × SPECTRUM_ROW */
  real *first, *second, *third, *fourth;
  real *gates;        /* rows × GATES, after their curves */
  real *cell, *state; /* (rows + lines) × UNITS; the first `lines` rows are what was before */
  real *answer;       /* rows: probabilities */
} Pass;

Pass new_pass(int lines, int chunks);

/* Fills all layers from `samples` and the first rows of `cell` and `state`. */
void hear(const real *parameters, Pass *pass);

/* Adds to `gradient` what `wrong` (rows: derivative of the loss by the logit of each answer) says. After `hear`. */
void learn(const real *parameters, const Pass *pass, const real *wrong, real *gradient);

/* lstm.c: from `fourth` to `state`, and back from the derivative by `state` (destroyed) to the one by `fourth`. */
void remember(const real *parameters, Pass *pass);
void remember_backwards(const real *parameters, const Pass *pass, real *by_state, real *by_fourth, real *gradient);

#endif
