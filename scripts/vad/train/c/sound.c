#include "sound.h"
#include <stdlib.h>
#include <string.h>

static long line_bytes(const Sound *sound) { return 1 + (long)sound->chunks * (1 + CHUNK); }

Sound new_sound(int lines, int chunks) {
  Sound sound = {.lines = lines, .chunks = chunks};
  sound.bytes = malloc(lines * line_bytes(&sound));
  sound.context = numbers(lines * CONTEXT);
  sound.target = numbers((long)lines * chunks);
  if (!sound.bytes) exit(1);
  return sound;
}

/* One µ-law byte of G.711 in −1…1. */
static real linear(unsigned char byte) {
  const int bits = ~byte & 0xff;
  const int magnitude = ((((bits & 15) << 3) + 0x84) << ((bits >> 4) & 7)) - 0x84;
  return (real)(bits & 0x80 ? -magnitude : magnitude) / 32768;
}

static void fill_line(Sound *sound, int line, Pass *pass) {
  const unsigned char *bytes = sound->bytes + line * line_bytes(sound);
  const unsigned char *target = bytes + 1, *mulaw = target + sound->chunks;
  real *context = sound->context + line * CONTEXT;
  if (bytes[0]) {
    memset(context, 0, CONTEXT * sizeof(real));
    memset(pass->cell + line * UNITS, 0, UNITS * sizeof(real));
    memset(pass->state + line * UNITS, 0, UNITS * sizeof(real));
  }
  for (int time = 0; time < sound->chunks; time++) {
    const long row = (long)time * sound->lines + line;
    real *heard = pass->samples + row * HEARD;
    memcpy(heard, context, CONTEXT * sizeof(real));
    for (int i = 0; i < CHUNK; i++) heard[CONTEXT + i] = linear(mulaw[time * CHUNK + i]);
    for (int i = 0; i < CONTEXT; i++) heard[CONTEXT + CHUNK + i] = heard[CONTEXT + CHUNK - 2 - i];
    memcpy(context, heard + CHUNK, CONTEXT * sizeof(real));
    sound->target[row] = target[time] / (real)255;
  }
}

int next_block(Sound *sound, FILE *file, Pass *pass) {
  const size_t wanted = sound->lines * line_bytes(sound);
  if (fread(sound->bytes, 1, wanted, file) != wanted) return 0;
  const long last = (long)pass->rows * UNITS, size = (long)pass->lines * UNITS * sizeof(real);
  memcpy(pass->cell, pass->cell + last, size);
  memcpy(pass->state, pass->state + last, size);
  for (int line = 0; line < sound->lines; line++) fill_line(sound, line, pass);
  return 1;
}
