/* Parameters as a file of named tensors in PyTorch's layouts (scripts/vad/train/tensors.ts reads and writes the same). */
#ifndef TENSORS_H
#define TENSORS_H

#include "matrix.h"

/* Each tensor: a line "NAME COUNT", then COUNT little-endian f32. End the program, saying why, if that fails. */
void write_tensors(const char *file, const real *parameters);
void read_tensors(const char *file, real *parameters);

/* First numbers, from a seed: layers keep the size of what goes through them, the LSTM remembers at first. */
void first_parameters(unsigned seed, real *parameters);

/* The next number in 0…1 of a small generator of its own, so that every machine draws the same. */
real chance(unsigned *seed);

#endif
