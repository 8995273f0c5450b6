#include "matrix.h"
#include <stdio.h>
#include <stdlib.h>

enum { VECTOR_BYTES = 64, LANES = VECTOR_BYTES / sizeof(real), STRIP = 2 * LANES, ROWS = 8, DEPTH = 512 };

typedef real vector __attribute__((vector_size(VECTOR_BYTES), aligned(sizeof(real)), may_alias));

/* `rows` × STRIP of C stay in registers while k runs; inlined with a constant `rows`, so that the loops unroll. */
static inline __attribute__((always_inline)) void tile(int rows, int k, Strided a, const real *b, long b_row, real *c,
                                                       long c_row) {
  vector left[ROWS], right[ROWS];
  for (int r = 0; r < rows; r++) {
    left[r] = *(const vector *)(c + r * c_row);
    right[r] = *(const vector *)(c + r * c_row + LANES);
  }
  for (int p = 0; p < k; p++) {
    const vector b_left = *(const vector *)(b + p * b_row);
    const vector b_right = *(const vector *)(b + p * b_row + LANES);
#pragma GCC unroll 8
    for (int r = 0; r < rows; r++) {
      const real one = a.at[r * a.row + p * a.column];
      left[r] += one * b_left;
      right[r] += one * b_right;
    }
  }
  for (int r = 0; r < rows; r++) {
    *(vector *)(c + r * c_row) = left[r];
    *(vector *)(c + r * c_row + LANES) = right[r];
  }
}

void multiply_add(int m, int n, int k, Strided a, const real *b, long b_row, real *c, long c_row) {
  /* A strip of B (DEPTH × STRIP) stays in the first cache while all rows of A pass over it. */
  for (int depth = 0; depth < k; depth += DEPTH) {
    const int part = k - depth < DEPTH ? k - depth : DEPTH;
    for (int j = 0; j < n; j += STRIP) {
      const real *strip = b + depth * b_row + j;
      int i = 0;
      for (; i + ROWS <= m; i += ROWS) {
        const Strided from = {a.at + i * a.row + depth * a.column, a.row, a.column};
        tile(ROWS, part, from, strip, b_row, c + i * c_row + j, c_row);
      }
      for (; i < m; i++) {
        const Strided from = {a.at + i * a.row + depth * a.column, a.row, a.column};
        tile(1, part, from, strip, b_row, c + i * c_row + j, c_row);
      }
    }
  }
}

void transpose(const real *from, int rows, int columns, real *to) {
  for (int i = 0; i < rows; i++)
    for (int j = 0; j < columns; j++) to[j * rows + i] = from[i * columns + j];
}

void add_rows(const real *from, int n, long row, int columns, real *sum) {
  for (int i = 0; i < n; i++)
    for (int j = 0; j < columns; j++) sum[j] += from[i * row + j];
}

real *numbers(long count) {
  void *memory = NULL;
  if (posix_memalign(&memory, VECTOR_BYTES, (size_t)count * sizeof(real)) != 0) {
    fprintf(stderr, "no memory for %ld numbers\n", count);
    exit(1);
  }
  real *values = memory;
  for (long i = 0; i < count; i++) values[i] = 0;
  return values;
}
