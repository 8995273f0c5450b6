/* Labelled sound for many lines, as scripts/vad/train/feed.ts writes it. */
#ifndef SOUND_H
#define SOUND_H

#include "network.h"
#include <stdio.h>

/*
 * A block is, for each line: one byte (1: a new call begins here), a target for each chunk (0…255: the part of it that is
 * speech), 256 µ-law bytes for each chunk.
 */
typedef struct {
  int lines, chunks;
  unsigned char *bytes;
  real *context; /* lines × CONTEXT: the end of each line's last block */
  real *target;  /* in the order of the rows of a pass, 0…1 */
} Sound;

Sound new_sound(int lines, int chunks);

/* The next block into the pass, whose states go on or, for a new call, start from nothing. 0 at the end of the file. */
int next_block(Sound *sound, FILE *file, Pass *pass);

#endif
