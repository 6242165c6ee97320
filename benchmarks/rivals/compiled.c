/* Paths of the reference problem, many side by side, so that a compiler uses vector instructions. */

#include <math.h>
#include <stdint.h>

enum { LANES = 256 };

/* Two normals for each lane: splitmix64 (Steele, Lea and Flood 2014), then Box and Muller; in loops
   of one function each, which is what a compiler makes vectors of. */
static void normals(uint64_t *state, float *first, float *second) {
    uint32_t high[LANES], low[LANES];
    float radius[LANES];
    for (int i = 0; i < LANES; i++) {
        uint64_t z = state[i] += 0x9e3779b97f4a7c15u;
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
        z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
        z ^= z >> 31;
        high[i] = (uint32_t)(z >> 40);
        low[i] = (uint32_t)z & 0xffffff;
    }
    const float turn = (float)(2.0 * 3.14159265358979 * 0x1p-24);
    for (int i = 0; i < LANES; i++)
        radius[i] = sqrtf(-2.0f * logf(((float)high[i] + 0.5f) * 0x1p-24f));
    for (int i = 0; i < LANES; i++) first[i] = radius[i] * cosf(turn * (float)low[i]);
    for (int i = 0; i < LANES; i++) second[i] = radius[i] * sinf(turn * (float)low[i]);
}

static void step(float *x, float *elapsed, const float *normal, float phi, float sd) {
    for (int i = 0; i < LANES; i++) {
        x[i] = phi * x[i] + sd * normal[i];
        elapsed[i] += expf(x[i]);
    }
}

/* Count, by day, the lanes that have reached what they need, (threshold, lane), ascending. */
void plain(uint64_t *state, const float *need, int64_t *counts, int thresholds, int days, float phi,
           float sd) {
    float x[LANES] = {0}, elapsed[LANES] = {0}, normal[2][LANES];
    int over = 0;
    for (int day = 1; day <= days; day++) {
        if (over == LANES) { /* of the largest threshold, so of all */
            for (int k = 0; k < thresholds; k++) counts[k * days + day - 1] += LANES;
            continue;
        }
        if (day % 2) normals(state, normal[1], normal[0]);
        step(x, elapsed, normal[day % 2], phi, sd);
        for (int k = 0; k < thresholds; k++) {
            over = 0;
            for (int i = 0; i < LANES; i++) over += elapsed[i] >= need[k * LANES + i];
            counts[k * days + day - 1] += over;
        }
    }
}

/* Add up, by day, P(total >= K) at the time passed, read from a table, (threshold, place); the
   second half of the lanes mirrors the first. */
void integrated(uint64_t *state, const float *table, int places, float per, double *sums,
                int thresholds, int days, float phi, float sd) {
    float x[LANES] = {0}, elapsed[LANES] = {0}, normal[2][LANES];
    for (int day = 1; day <= days; day++) {
        if (day % 2) {
            normals(state, normal[1], normal[0]);
            for (int i = 0; i < LANES / 2; i++) {
                normal[0][LANES / 2 + i] = -normal[0][i];
                normal[1][LANES / 2 + i] = -normal[1][i];
            }
        }
        step(x, elapsed, normal[day % 2], phi, sd);
        for (int k = 0; k < thresholds; k++) {
            const float *row = table + k * places;
            float sum = 0;
            for (int i = 0; i < LANES; i++) {
                float at = fminf(elapsed[i] * per, places - 1.001f);
                int left = (int)at;
                sum += row[left] + (at - left) * (row[left + 1] - row[left]);
            }
            sums[k * days + day - 1] += sum;
        }
    }
}
