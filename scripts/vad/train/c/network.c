#include "network.h"
#include <math.h>
#include <string.h>

enum { BASIS_COLUMNS = 160 /* 65 real, 65 imaginary, zeros up to a multiple of 32 */, BLOCK = 128 };

Pass new_pass(int lines, int chunks) {
  const long rows = (long)lines * chunks;
  return (Pass){
      .lines = lines,
      .chunks = chunks,
      .rows = (int)rows,
      .samples = numbers(rows * HEARD),
      .spectrum = numbers(rows * SPECTRUM_ROW),
      .first = numbers(rows * FIRST_ROW),
      .second = numbers(rows * SECOND_ROW),
      .third = numbers(rows * THIRD_ROW),
      .fourth = numbers(rows * UNITS),
      .gates = numbers(rows * GATES),
      .cell = numbers((rows + lines) * UNITS),
      .state = numbers((rows + lines) * UNITS),
      .answer = numbers(rows),
  };
}

/* Periodic Hann window times the Fourier basis, as scripts/vad/network.ts has it; a column is a row there. */
static const real *basis(void) {
  static real *made = NULL;
  if (made) return made;
  made = numbers(128 * BASIS_COLUMNS);
  for (int at = 0; at < 128; at++) {
    const double window = 0.5 - 0.5 * cos(2 * M_PI * at / 128);
    for (int bin = 0; bin < BINS; bin++) {
      const double angle = 2 * M_PI * ((bin * at) % 128) / 128;
      made[at * BASIS_COLUMNS + bin] = window * cos(angle);
      made[at * BASIS_COLUMNS + BINS + bin] = -window * sin(angle);
    }
  }
  return made;
}

static void spectra(Pass *pass, int from, int count) {
  static real waves[BLOCK * BASIS_COLUMNS];
  for (int frame = 0; frame < 4; frame++) {
    memset(waves, 0, sizeof waves);
    const Strided sound = {pass->samples + (long)from * HEARD + frame * 64, HEARD, 1};
    multiply_add(count, BASIS_COLUMNS, 128, sound, basis(), BASIS_COLUMNS, waves, BASIS_COLUMNS);
    for (int i = 0; i < count; i++) {
      const real *wave = waves + i * BASIS_COLUMNS;
      real *to = pass->spectrum + (long)(from + i) * SPECTRUM_ROW + (1 + frame) * BINS;
      for (int bin = 0; bin < BINS; bin++)
        to[bin] = sqrt(wave[bin] * wave[bin] + wave[BINS + bin] * wave[BINS + bin]);
    }
  }
}

/* A convolution at one time of its output is a product: what it reads stands in one piece. */
typedef struct {
  int weight, bias, reads, channels;
} Layer;

static const Layer LAYER1 = {CONV1, BIAS1, 3 * BINS, UNITS};
static const Layer LAYER2 = {CONV2, BIAS2, 3 * UNITS, 64};
static const Layer LAYER3 = {CONV3, BIAS3, 2 * 64, 64};
static const Layer LAYER4 = {CONV4, BIAS4, 64, UNITS};

static void convolve(const real *parameters, Layer layer, int count, const real *in, long in_row, real *out,
                     long out_row) {
  for (int i = 0; i < count; i++) memcpy(out + i * out_row, parameters + layer.bias, layer.channels * sizeof(real));
  const Strided sound = {in, in_row, 1};
  multiply_add(count, layer.channels, layer.reads, sound, parameters + layer.weight, layer.channels, out, out_row);
  for (int i = 0; i < count; i++)
    for (int j = 0; j < layer.channels; j++)
      if (out[i * out_row + j] < 0) out[i * out_row + j] = 0;
}

static void convolutions(const real *parameters, Pass *pass, long from, int count) {
  const real *spectrum = pass->spectrum + from * SPECTRUM_ROW;
  real *first = pass->first + from * FIRST_ROW, *second = pass->second + from * SECOND_ROW;
  real *third = pass->third + from * THIRD_ROW, *fourth = pass->fourth + from * UNITS;
  for (int time = 0; time < 4; time++)
    convolve(parameters, LAYER1, count, spectrum + time * BINS, SPECTRUM_ROW, first + (1 + time) * UNITS, FIRST_ROW);
  for (int time = 0; time < 2; time++)
    convolve(parameters, LAYER2, count, first + 2 * time * UNITS, FIRST_ROW, second + time * 64, SECOND_ROW);
  convolve(parameters, LAYER3, count, second, SECOND_ROW, third, THIRD_ROW);
  convolve(parameters, LAYER4, count, third, THIRD_ROW, fourth, UNITS);
}

void hear(const real *parameters, Pass *pass) {
  for (int from = 0; from < pass->rows; from += BLOCK) {
    const int count = pass->rows - from < BLOCK ? pass->rows - from : BLOCK;
    spectra(pass, from, count);
    convolutions(parameters, pass, from, count);
  }
  remember(parameters, pass);
  for (int i = 0; i < pass->rows; i++) {
    const real *state = pass->state + (long)(i + pass->lines) * UNITS;
    real sum = parameters[OUT_BIAS];
    for (int unit = 0; unit < UNITS; unit++) sum += state[unit] > 0 ? state[unit] * parameters[OUT + unit] : 0;
    pass->answer[i] = 1 / (1 + exp(-sum));
  }
}

/* `by_out` becomes the derivative before the ReLU; adds to the gradient, and to `by_in` if that is wanted. */
static void convolve_backwards(const real *parameters, Layer layer, int count, const real *in, long in_row,
                               const real *out, real *by_out, long out_row, real *by_in, real *gradient) {
  static real turned[3 * UNITS * UNITS];
  for (int i = 0; i < count; i++)
    for (int j = 0; j < layer.channels; j++)
      if (out[i * out_row + j] <= 0) by_out[i * out_row + j] = 0;
  const Strided sound = {in, 1, in_row}, wrong = {by_out, out_row, 1};
  multiply_add(layer.reads, layer.channels, count, sound, by_out, out_row, gradient + layer.weight, layer.channels);
  add_rows(by_out, count, out_row, layer.channels, gradient + layer.bias);
  if (by_in == NULL) return;
  transpose(parameters + layer.weight, layer.reads, layer.channels, turned);
  multiply_add(count, layer.reads, layer.channels, wrong, turned, layer.reads, by_in, in_row);
}

static void convolutions_backwards(const real *parameters, const Pass *pass, real *by_fourth, long from, int count,
                                   real *gradient) {
  static real by_first[BLOCK * FIRST_ROW], by_second[BLOCK * SECOND_ROW], by_third[BLOCK * THIRD_ROW];
  memset(by_first, 0, sizeof by_first);
  memset(by_second, 0, sizeof by_second);
  memset(by_third, 0, sizeof by_third);
  const real *spectrum = pass->spectrum + from * SPECTRUM_ROW, *first = pass->first + from * FIRST_ROW;
  const real *second = pass->second + from * SECOND_ROW, *third = pass->third + from * THIRD_ROW;
  convolve_backwards(parameters, LAYER4, count, third, THIRD_ROW, pass->fourth + from * UNITS, by_fourth, UNITS,
                     by_third, gradient);
  convolve_backwards(parameters, LAYER3, count, second, SECOND_ROW, third, by_third, THIRD_ROW, by_second, gradient);
  for (int time = 0; time < 2; time++)
    convolve_backwards(parameters, LAYER2, count, first + 2 * time * UNITS, FIRST_ROW, second + time * 64,
                       by_second + time * 64, SECOND_ROW, by_first + 2 * time * UNITS, gradient);
  for (int time = 0; time < 4; time++)
    convolve_backwards(parameters, LAYER1, count, spectrum + time * BINS, SPECTRUM_ROW, first + (1 + time) * UNITS,
                       by_first + (1 + time) * UNITS, FIRST_ROW, NULL, gradient);
}

void learn(const real *parameters, const Pass *pass, const real *wrong, real *gradient) {
  static real *by_state = NULL, *by_fourth = NULL;
  static long size = 0;
  if (size < (long)pass->rows * UNITS) {
    size = (long)pass->rows * UNITS;
    by_state = numbers(size);
    by_fourth = numbers(size);
  }
  for (long i = 0; i < pass->rows; i++) {
    const real *state = pass->state + (i + pass->lines) * UNITS;
    gradient[OUT_BIAS] += wrong[i];
    for (int unit = 0; unit < UNITS; unit++) {
      const real open = state[unit] > 0 ? wrong[i] : 0;
      gradient[OUT + unit] += open * state[unit];
      by_state[i * UNITS + unit] = open * parameters[OUT + unit];
    }
  }
  memset(by_fourth, 0, size * sizeof(real));
  remember_backwards(parameters, pass, by_state, by_fourth, gradient);
  for (int from = 0; from < pass->rows; from += BLOCK) {
    const int count = pass->rows - from < BLOCK ? pass->rows - from : BLOCK;
    convolutions_backwards(parameters, pass, by_fourth + (long)from * UNITS, from, count, gradient);
  }
}
