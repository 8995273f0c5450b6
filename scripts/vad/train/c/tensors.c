#include "tensors.h"
#include "network.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
  const char *name;
  int weight, bias, in, out, first_tap, taps;
} Convolution;

static const Convolution CONVOLUTIONS[4] = {
    {"encoder.0.reparam_conv", CONV1, BIAS1, BINS, UNITS, 0, 3},
    {"encoder.1.reparam_conv", CONV2, BIAS2, UNITS, 64, 0, 3},
    {"encoder.2.reparam_conv", CONV3, BIAS3, 64, 64, 1, 2},
    {"encoder.3.reparam_conv", CONV4, BIAS4, 64, UNITS, 1, 1},
};

static void fail(const char *what, const char *name) {
  fprintf(stderr, "%s: %s\n", what, name);
  exit(1);
}

static void put(FILE *file, const char *name, const float *values, int count) {
  fprintf(file, "%s %d\n", name, count);
  if (fwrite(values, sizeof(float), count, file) != (size_t)count) fail("cannot write", name);
}

static void take(FILE *file, const char *name, float *values, int count) {
  char found[80];
  int length = 0;
  if (fscanf(file, "%79s %d", found, &length) != 2 || strcmp(found, name) != 0 || length != count || fgetc(file) != '\n')
    fail("not the expected tensor", name);
  if (fread(values, sizeof(float), count, file) != (size_t)count) fail("too short", name);
}

static void named(char *to, const char *name, const char *part) { sprintf(to, "%s.%s", name, part); }

/* PyTorch: (out, in, tap); here (tap, in, out), without the taps that only meet padding. */
static float *place(float *tensor, Convolution layer, int tap, int in, int out) {
  return tensor + (out * layer.in + in) * 3 + layer.first_tap + tap;
}

static void put_convolution(FILE *file, Convolution layer, const real *parameters, float *tensor) {
  char name[80];
  const int count = 3 * layer.in * layer.out;
  memset(tensor, 0, count * sizeof(float));
  const real *weight = parameters + layer.weight;
  for (int tap = 0; tap < layer.taps; tap++)
    for (int in = 0; in < layer.in; in++)
      for (int out = 0; out < layer.out; out++) *place(tensor, layer, tap, in, out) = *weight++;
  named(name, layer.name, "weight");
  put(file, name, tensor, count);
  for (int i = 0; i < layer.out; i++) tensor[i] = parameters[layer.bias + i];
  named(name, layer.name, "bias");
  put(file, name, tensor, layer.out);
}

static void take_convolution(FILE *file, Convolution layer, real *parameters, float *tensor) {
  char name[80];
  named(name, layer.name, "weight");
  take(file, name, tensor, 3 * layer.in * layer.out);
  real *weight = parameters + layer.weight;
  for (int tap = 0; tap < layer.taps; tap++)
    for (int in = 0; in < layer.in; in++)
      for (int out = 0; out < layer.out; out++) *weight++ = *place(tensor, layer, tap, in, out);
  named(name, layer.name, "bias");
  take(file, name, tensor, layer.out);
  for (int i = 0; i < layer.out; i++) parameters[layer.bias + i] = tensor[i];
}

static void put_matrix(FILE *file, const char *name, const real *weight, float *tensor) {
  for (int in = 0; in < UNITS; in++)
    for (int gate = 0; gate < GATES; gate++) tensor[gate * UNITS + in] = weight[in * GATES + gate];
  put(file, name, tensor, UNITS * GATES);
}

static void take_matrix(FILE *file, const char *name, real *weight, float *tensor) {
  take(file, name, tensor, UNITS * GATES);
  for (int in = 0; in < UNITS; in++)
    for (int gate = 0; gate < GATES; gate++) weight[in * GATES + gate] = tensor[gate * UNITS + in];
}

static float room[UNITS * GATES];

void write_tensors(const char *path, const real *parameters) {
  FILE *file = fopen(path, "wb");
  if (!file) fail("cannot open", path);
  for (int i = 0; i < 4; i++) put_convolution(file, CONVOLUTIONS[i], parameters, room);
  put_matrix(file, "decoder.rnn.weight_ih", parameters + INPUT, room);
  put_matrix(file, "decoder.rnn.weight_hh", parameters + MEMORY, room);
  for (int i = 0; i < GATES; i++) room[i] = parameters[GATE_BIAS + i];
  put(file, "decoder.rnn.bias_ih", room, GATES);
  memset(room, 0, GATES * sizeof(float));
  put(file, "decoder.rnn.bias_hh", room, GATES);
  for (int i = 0; i <= UNITS; i++) room[i] = parameters[OUT + i];
  put(file, "decoder.decoder.2.weight", room, UNITS);
  put(file, "decoder.decoder.2.bias", room + UNITS, 1);
  if (fclose(file) != 0) fail("cannot write", path);
}

void read_tensors(const char *path, real *parameters) {
  FILE *file = fopen(path, "rb");
  if (!file) fail("cannot open", path);
  for (int i = 0; i < 4; i++) take_convolution(file, CONVOLUTIONS[i], parameters, room);
  take_matrix(file, "decoder.rnn.weight_ih", parameters + INPUT, room);
  take_matrix(file, "decoder.rnn.weight_hh", parameters + MEMORY, room);
  take(file, "decoder.rnn.bias_ih", room, GATES);
  take(file, "decoder.rnn.bias_hh", room + GATES, GATES);
  for (int i = 0; i < GATES; i++) parameters[GATE_BIAS + i] = room[i] + room[GATES + i];
  take(file, "decoder.decoder.2.weight", room, UNITS);
  take(file, "decoder.decoder.2.bias", room + UNITS, 1);
  for (int i = 0; i <= UNITS; i++) parameters[OUT + i] = room[i];
  fclose(file);
}

/* mulberry32 */
real chance(unsigned *seed) {
  unsigned mixed = *seed += 0x6d2b79f5u;
  mixed = (mixed ^ (mixed >> 15)) * (mixed | 1u);
  mixed ^= mixed + (mixed ^ (mixed >> 7)) * (mixed | 61u);
  return (real)(mixed ^ (mixed >> 14)) / (real)4294967296.0;
}

static void scatter(unsigned *seed, real *weight, int count, double reads) {
  const real scale = sqrt(6 / reads);
  for (int i = 0; i < count; i++) weight[i] = (chance(seed) * 2 - 1) * scale;
}

void first_parameters(unsigned seed, real *parameters) {
  memset(parameters, 0, PARAMETERS * sizeof(real));
  for (int i = 0; i < 4; i++) {
    const Convolution layer = CONVOLUTIONS[i];
    scatter(&seed, parameters + layer.weight, layer.taps * layer.in * layer.out, layer.taps * layer.in);
  }
  scatter(&seed, parameters + INPUT, 2 * UNITS * GATES, 6 * UNITS);
  scatter(&seed, parameters + OUT, UNITS, UNITS);
  for (int unit = 0; unit < UNITS; unit++) parameters[GATE_BIAS + UNITS + unit] = 1;
}
