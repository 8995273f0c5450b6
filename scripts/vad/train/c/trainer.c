/*
 * Trains the speech network (scripts/vad/train/train.ts builds and runs this):
 *   trainer train OUT DEV STEPS SEED [START]   learns from blocks on standard input, keeps in OUT what is best on DEV
 *   trainer judge WEIGHTS                      loss and AUC over the blocks on standard input
 *   trainer forward WEIGHTS                    probabilities of raw µ-law on standard input, one a line
 *   trainer gradients                          the derivatives against differences (build with -DREAL=double)
 */
#include "network.h"
#include "sound.h"
#include "tensors.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* As scripts/vad/train/feed.ts has them: a block is 3 s of 32 calls. */
enum { LINES = 32, CHUNKS = 94 };
enum { JUDGE_EVERY = 250, WARM_UP = 300, SCORES = 8192 };
static const double RATE = 1.5e-3, RATE_END = 2e-5, CLIP = 1, DECAY = 1e-2, SMOOTH = 0.998;

static double loss_of(real answer, real target) {
  const double p = fmin(fmax(answer, 1e-7), 1 - 1e-7);
  return -target * log(p) - (1 - target) * log(1 - p);
}

typedef struct {
  double loss, auc;
} Judgement;

/* AUC: how often a chunk of speech gets a higher probability than one without (8,192 steps). */
static Judgement judge(const real *parameters, FILE *file) {
  static Pass pass;
  static Sound sound;
  if (!pass.rows) pass = new_pass(LINES, CHUNKS), sound = new_sound(LINES, CHUNKS);
  static double with[SCORES], without[SCORES];
  memset(with, 0, sizeof with);
  memset(without, 0, sizeof without);
  double loss = 0, rows = 0;
  while (next_block(&sound, file, &pass)) {
    hear(parameters, &pass);
    for (int i = 0; i < pass.rows; i++) {
      loss += loss_of(pass.answer[i], sound.target[i]);
      const int score = fmin(SCORES - 1, floor(pass.answer[i] * SCORES));
      (sound.target[i] >= 0.5 ? with : without)[score] += 1;
    }
    rows += pass.rows;
  }
  double below = 0, won = 0, all = 0;
  for (int i = 0; i < SCORES; i++) {
    won += with[i] * (below + without[i] / 2);
    below += without[i];
    all += with[i];
  }
  return (Judgement){loss / rows, won / (all * below)};
}

/* Adam with decoupled decay; `smooth` follows the parameters slowly, and is what is judged and kept. */
typedef struct {
  real *parameters, *gradient, *mean, *square, *smooth;
  long step;
} Learner;

static double rate_at(long step, long steps) {
  if (step < WARM_UP) return RATE * (step + 1) / WARM_UP;
  const double done = (double)(step - WARM_UP) / fmax(1, steps - WARM_UP);
  return RATE_END + (RATE - RATE_END) * 0.5 * (1 + cos(M_PI * fmin(1, done)));
}

static void adam(Learner *learner, double rate) {
  double norm = 0;
  for (int i = 0; i < PARAMETERS; i++) norm += learner->gradient[i] * learner->gradient[i];
  const real scale = CLIP / fmax(CLIP, sqrt(norm));
  learner->step += 1;
  const real mean_part = 1 / (1 - pow(0.9, learner->step)), square_part = 1 / (1 - pow(0.999, learner->step));
  const double smooth = fmin(SMOOTH, (1.0 + learner->step) / (10.0 + learner->step));
  for (int i = 0; i < PARAMETERS; i++) {
    const real g = learner->gradient[i] * scale;
    learner->mean[i] += (real)0.1 * (g - learner->mean[i]);
    learner->square[i] += (real)0.001 * (g * g - learner->square[i]);
    const real step = learner->mean[i] * mean_part / ((real)sqrt(learner->square[i] * square_part) + (real)1e-8);
    learner->parameters[i] -= (real)rate * (step + (real)DECAY * learner->parameters[i]);
    learner->smooth[i] += (real)(1 - smooth) * (learner->parameters[i] - learner->smooth[i]);
  }
}

static void report(Learner *learner, const char *out, const char *dev, double loss, double *best, time_t started) {
  FILE *file = fopen(dev, "rb");
  if (!file) fprintf(stderr, "cannot open %s\n", dev), exit(1);
  const Judgement found = judge(learner->smooth, file);
  fclose(file);
  const char *mark = "";
  if (found.loss < *best) {
    *best = found.loss;
    write_tensors(out, learner->smooth);
    mark = " kept";
  }
  printf("step %ld, %ld s: loss %.4f, dev loss %.4f, dev AUC %.4f%s\n", learner->step, (long)(time(NULL) - started),
         loss, found.loss, found.auc, mark);
  fflush(stdout);
}

static int train(int count, char **words) {
  if (count < 4) return 2;
  const long steps = atol(words[2]);
  Pass pass = new_pass(LINES, CHUNKS);
  Sound sound = new_sound(LINES, CHUNKS);
  Learner learner = {numbers(PARAMETERS), numbers(PARAMETERS), numbers(PARAMETERS), numbers(PARAMETERS),
                     numbers(PARAMETERS), 0};
  if (count > 4) read_tensors(words[4], learner.parameters);
  else first_parameters((unsigned)atol(words[3]), learner.parameters);
  memcpy(learner.smooth, learner.parameters, PARAMETERS * sizeof(real));
  real *wrong = numbers(pass.rows);
  double loss = 0, best = HUGE_VAL;
  const time_t started = time(NULL);
  while (learner.step < steps && next_block(&sound, stdin, &pass)) {
    hear(learner.parameters, &pass);
    double sum = 0;
    for (int i = 0; i < pass.rows; i++) {
      sum += loss_of(pass.answer[i], sound.target[i]);
      wrong[i] = (pass.answer[i] - sound.target[i]) / pass.rows;
    }
    loss += sum / pass.rows / JUDGE_EVERY;
    memset(learner.gradient, 0, PARAMETERS * sizeof(real));
    learn(learner.parameters, &pass, wrong, learner.gradient);
    adam(&learner, rate_at(learner.step, steps));
    if (learner.step % JUDGE_EVERY != 0 && learner.step != steps) continue;
    report(&learner, words[0], words[1], loss, &best, started);
    loss = 0;
  }
  return 0;
}

static int forward(const char *weights) {
  Pass pass = new_pass(1, 1);
  Sound sound = new_sound(1, 1);
  real *parameters = numbers(PARAMETERS);
  read_tensors(weights, parameters);
  unsigned char *mulaw = sound.bytes + 2;
  for (int first = 1; fread(mulaw, 1, CHUNK, stdin) == CHUNK; first = 0) {
    unsigned char block[2 + CHUNK] = {first, 0};
    memcpy(block + 2, mulaw, CHUNK);
    FILE *file = fmemopen(block, sizeof block, "rb");
    next_block(&sound, file, &pass);
    fclose(file);
    hear(parameters, &pass);
    printf("%.7f\n", (double)pass.answer[0]);
  }
  return 0;
}

static double loss_over(const real *parameters, Pass *pass, const real *target) {
  hear(parameters, pass);
  double loss = 0;
  for (int i = 0; i < pass->rows; i++) loss += loss_of(pass->answer[i], target[i]);
  return loss;
}

/* Three lines of five chunks of noise; every layer's derivative against the difference over a small step. */
static int gradients(void) {
  enum { CHECKED = 400 };
  const double nudge = 1e-6;
  unsigned seed = 7;
  Pass pass = new_pass(3, 5);
  real *parameters = numbers(PARAMETERS), *gradient = numbers(PARAMETERS), *wrong = numbers(15), *target = numbers(15);
  first_parameters(3, parameters);
  for (int i = 0; i < 15 * HEARD; i++) pass.samples[i] = chance(&seed) - 0.5;
  for (int i = 0; i < 15; i++) target[i] = chance(&seed);
  for (int i = 0; i < 3 * UNITS; i++) pass.cell[i] = chance(&seed) - 0.5, pass.state[i] = chance(&seed) - 0.5;
  loss_over(parameters, &pass, target);
  for (int i = 0; i < 15; i++) wrong[i] = pass.answer[i] - target[i];
  learn(parameters, &pass, wrong, gradient);
  double worst = 0, size = 0;
  for (int i = 0; i < CHECKED; i++) {
    const int at = i == 0 ? OUT_BIAS : (int)(chance(&seed) * PARAMETERS);
    const real before = parameters[at];
    parameters[at] = before + nudge;
    const double above = loss_over(parameters, &pass, target);
    parameters[at] = before - nudge;
    const double below = loss_over(parameters, &pass, target);
    parameters[at] = before;
    worst = fmax(worst, fabs((above - below) / (2 * nudge) - gradient[at]));
    size = fmax(size, fabs(gradient[at]));
  }
  printf("%g %g\n", worst, size);
  return 0;
}

int main(int count, char **words) {
  const char *mode = count > 1 ? words[1] : "";
  if (!strcmp(mode, "train")) return train(count - 2, words + 2);
  if (!strcmp(mode, "forward") && count == 3) return forward(words[2]);
  if (!strcmp(mode, "gradients")) return gradients();
  if (!strcmp(mode, "judge") && count == 3) {
    real *parameters = numbers(PARAMETERS);
    read_tensors(words[2], parameters);
    const Judgement found = judge(parameters, stdin);
    printf("loss %.4f, AUC %.4f\n", found.loss, found.auc);
    return 0;
  }
  fprintf(stderr, "trainer train OUT DEV STEPS SEED [START] | judge WEIGHTS | forward WEIGHTS | gradients\n");
  return 2;
}
