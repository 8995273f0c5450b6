#include "network.h"
#include <math.h>
#include <string.h>

static real sigmoid(real x) { return 1 / (1 + (real)(sizeof(real) == 4 ? expf(-x) : exp(-x))); }
static real tangent(real x) { return 2 * sigmoid(2 * x) - 1; }

/* Gates of one chunk to their curves, then the new cell and state. */
static void beat(real *gates, const real *cell_before, real *cell, real *state) {
  for (int unit = 0; unit < UNITS; unit++) {
    const real in = sigmoid(gates[unit]), keep = sigmoid(gates[UNITS + unit]);
    const real news = tangent(gates[2 * UNITS + unit]), out = sigmoid(gates[3 * UNITS + unit]);
    gates[unit] = in;
    gates[UNITS + unit] = keep;
    gates[2 * UNITS + unit] = news;
    gates[3 * UNITS + unit] = out;
    cell[unit] = keep * cell_before[unit] + in * news;
    state[unit] = out * tangent(cell[unit]);
  }
}

void remember(const real *parameters, Pass *pass) {
  for (int i = 0; i < pass->rows; i++)
    memcpy(pass->gates + (long)i * GATES, parameters + GATE_BIAS, GATES * sizeof(real));
  const Strided sound = {pass->fourth, UNITS, 1};
  multiply_add(pass->rows, GATES, UNITS, sound, parameters + INPUT, GATES, pass->gates, GATES);
  for (int time = 0; time < pass->chunks; time++) {
    const long before = (long)time * pass->lines, now = before + pass->lines;
    real *gates = pass->gates + before * GATES;
    const Strided memory = {pass->state + before * UNITS, UNITS, 1};
    multiply_add(pass->lines, GATES, UNITS, memory, parameters + MEMORY, GATES, gates, GATES);
    for (int line = 0; line < pass->lines; line++)
      beat(gates + (long)line * GATES, pass->cell + (before + line) * UNITS, pass->cell + (now + line) * UNITS,
           pass->state + (now + line) * UNITS);
  }
}

/* Derivatives of one chunk: by its state and its cell (changed to the one before) to those by its gates before their curves. */
static void beat_backwards(const real *gates, const real *cell_before, const real *cell, const real *by_state,
                           real *by_cell, real *by_gates) {
  for (int unit = 0; unit < UNITS; unit++) {
    const real in = gates[unit], keep = gates[UNITS + unit];
    const real news = gates[2 * UNITS + unit], out = gates[3 * UNITS + unit];
    const real shown = tangent(cell[unit]);
    const real by_now = by_cell[unit] + by_state[unit] * out * (1 - shown * shown);
    by_gates[unit] = by_now * news * in * (1 - in);
    by_gates[UNITS + unit] = by_now * cell_before[unit] * keep * (1 - keep);
    by_gates[2 * UNITS + unit] = by_now * in * (1 - news * news);
    by_gates[3 * UNITS + unit] = by_state[unit] * shown * out * (1 - out);
    by_cell[unit] = by_now * keep;
  }
}

void remember_backwards(const real *parameters, const Pass *pass, real *by_state, real *by_fourth, real *gradient) {
  static real turned[UNITS * GATES];
  static real *by_gates = NULL, *by_cell = NULL;
  static int rows = 0, lines = 0;
  if (rows < pass->rows) by_gates = numbers((long)(rows = pass->rows) * GATES);
  if (lines < pass->lines) by_cell = numbers((long)(lines = pass->lines) * UNITS);
  memset(by_cell, 0, (long)pass->lines * UNITS * sizeof(real));
  transpose(parameters + MEMORY, UNITS, GATES, turned);
  for (int time = pass->chunks - 1; time >= 0; time--) {
    const long now = (long)time * pass->lines;
    for (long row = now; row < now + pass->lines; row++)
      beat_backwards(pass->gates + row * GATES, pass->cell + row * UNITS, pass->cell + (row + pass->lines) * UNITS,
                     by_state + row * UNITS, by_cell + (row - now) * UNITS, by_gates + row * GATES);
    const Strided wrong = {by_gates + now * GATES, GATES, 1};
    if (time > 0)
      multiply_add(pass->lines, UNITS, GATES, wrong, turned, UNITS, by_state + (now - pass->lines) * UNITS, UNITS);
  }
  const Strided memory = {pass->state, 1, UNITS}, sound = {pass->fourth, 1, UNITS};
  multiply_add(UNITS, GATES, pass->rows, memory, by_gates, GATES, gradient + MEMORY, GATES);
  multiply_add(UNITS, GATES, pass->rows, sound, by_gates, GATES, gradient + INPUT, GATES);
  add_rows(by_gates, pass->rows, GATES, GATES, gradient + GATE_BIAS);
  transpose(parameters + INPUT, UNITS, GATES, turned);
  const Strided wrong = {by_gates, GATES, 1};
  multiply_add(pass->rows, UNITS, GATES, wrong, turned, UNITS, by_fourth, UNITS);
}
