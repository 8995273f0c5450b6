/* Matrices of the trainer: one product does all of its work, forwards and backwards. */
#ifndef MATRIX_H
#define MATRIX_H

/* float to train, double (-DREAL=double) to check gradients: differences of floats would drown them. */
#ifndef REAL
#define REAL float
#endif
typedef REAL real;

/* A matrix read in any direction: element (i, j) stands at i * row + j * column. */
typedef struct {
  const real *at;
  long row, column;
} Strided;

/* C += A B. A is m × k, B k × n (rows `b_row` apart), C m × n (rows `c_row` apart); n is a multiple of 32. */
void multiply_add(int m, int n, int k, Strided a, const real *b, long b_row, real *c, long c_row);

/* `to` (columns × rows) from `from` (rows × columns). */
void transpose(const real *from, int rows, int columns, real *to);

/* Adds every one of the n rows of `from` (`row` apart) to `sum`. */
void add_rows(const real *from, int n, long row, int columns, real *sum);

/* Memory of so many numbers, all zero. Ends the program if there is none. */
real *numbers(long count);

#endif
