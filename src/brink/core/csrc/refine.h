/* Plain Newton steps at one rationality from given points, LANES draws at a time.
 *
 * What was found from a good start is a solution, but nothing is said about its branch. A lane
 * that is done takes the next draw of the queue.
 */

/* Give the lane the next draw; returns its number, or -1 if there is none. */
static int64_t NAME(next_draw)(const refine_t *job, work_t *w, int l, int64_t *queue)
{
    if (*queue >= job->draws) return -1;
    const int32_t *h = job->plan->h;
    const int64_t draw = (*queue)++;
    double *slot = (double *)AT(w->x, h[H_INPUT]) + l;
    for (int k = 0; k < h[H_INPUTS]; k++) slot[k * LANES] = job->input[k * job->draws + draw];
    for (int k = 0; k < h[H_UNKNOWNS]; k++)
        ((double *)w->z)[k * LANES + l] = job->unknowns[k * job->draws + draw];
    job->converged[draw] = 0;
    job->operations[draw] = 0;
    return draw;
}

/* Memory is aligned to 64 bytes. */
static void NAME(refine)(const refine_t *job, void *memory)
{
    tracker_t *t = memory;
    work_t *w = &t->w;
    const int unknowns = job->plan->h[H_UNKNOWNS];
    int64_t queue = 0, draw[LANES];
    double limit[LANES];
    NAME(lay_out)(job->plan, t);
    for (int k = 0; k < unknowns * UNROLL; k++) w->z[k] = splat(0.0);
    EACH w->lambda[u] = splat(job->rationality);
    for (int l = 0; l < LANES; l++) {
        draw[l] = NAME(next_draw)(job, w, l, &queue);
        limit[l] = job->farthest;
    }
    for (;;) {
        int busy = 0;
        for (int l = 0; l < LANES; l++) busy |= draw[l] >= 0;
        if (!busy) break;
        NAME(newton)(job->plan, w);
        for (int l = 0; l < LANES; l++) {
            if (draw[l] < 0) continue;
            const double *correction = (const double *)w->correction + l;
            double *z = (double *)w->z + l, size = 0.0;
            for (int k = 0; k < unknowns; k++) {
                const double here = __builtin_fabs(correction[k * LANES]);
                size = here > size || here != here ? here : size;
            }
            job->operations[draw[l]]++;
            /* not a number compares false */
            const int good = size <= limit[l] && !(((int64_t *)w->sign)[l] & 1);
            if (good)
                for (int k = 0; k < unknowns; k++) z[k * LANES] += correction[k * LANES];
            limit[l] = job->contraction * size;
            job->converged[draw[l]] = good && size <= job->tolerance;
            if (good && size > job->tolerance && job->operations[draw[l]] < job->most) continue;
            for (int k = 0; k < unknowns; k++)
                job->unknowns[k * job->draws + draw[l]] = z[k * LANES];
            draw[l] = NAME(next_draw)(job, w, l, &queue);
            limit[l] = job->farthest;
        }
    }
}
