/* Follows the branch from rationality 0, LANES draws at a time.
 *
 * Every lane is one draw with its own rationality, step and state; a lane that is done takes the
 * next draw of the queue. Between points the path is extrapolated by the cubic through the last
 * two points and tangents, as a function of the rationality or, around turning points, of arc
 * length; one Newton step corrects the extrapolation. In arc length the rationality counts with
 * a weight that makes it independent of the unit of the payoffs.
 *
 * The index invariant guards the branch: sign(det J) times the direction of the rationality stays
 * what it was at the start. Where it flips although steps are short and tangents turn smoothly,
 * another branch crosses; the path then goes straight on and the crossing is counted.
 */

enum { NAME(IDLE), NAME(START), NAME(DIRECT), NAME(ARC) };
#define IDLE NAME(IDLE)
#define START NAME(START)
#define DIRECT NAME(DIRECT)
#define ARC NAME(ARC)

/* A disagreement of the index that survives a step this short with a tangent this steady is a
 * crossing of branches and no wrong turn. */
#define BRANCH_STEP 0.02
#define BRANCH_COSINE 0.99

#define LANE double __attribute__((aligned(VECTOR_BYTES)))

typedef struct {
    /* what the vector loops read and write, one number per lane */
    LANE weight[LANES], extend_z[LANES], extend_old[LANES], extend_new[LANES];
    int64_t accept[LANES] __attribute__((aligned(VECTOR_BYTES)));
    int64_t keep_old[LANES] __attribute__((aligned(VECTOR_BYTES)));
    int64_t again[LANES] __attribute__((aligned(VECTOR_BYTES)));
    int64_t arc[LANES] __attribute__((aligned(VECTOR_BYTES)));
    LANE size[LANES], slope[LANES], turn[LANES], chord[LANES], shift[LANES];
    /* what only the state machine knows */
    double rationality[LANES][2], slope_at[LANES][2], direction[LANES][2], spacing[LANES];
    double step[LANES], wanted[LANES], first_size[LANES], previous_size[LANES], least[LANES];
    int mode[LANES], corrections[LANES], rejects[LANES], history[LANES];
    int parity[LANES], from_arc[LANES], landing[LANES];
    int32_t turning[LANES], bifurcations[LANES], operations[LANES];
    int64_t draw[LANES], next_target[LANES], level[LANES];
} NAME(lanes);
#define lanes_t NAME(lanes)

typedef struct {
    work_t w;
    vd *z_old, *z_new, *t_old, *t_new;
    lanes_t s;
} NAME(tracker);
#define tracker_t NAME(tracker)

static void NAME(begin)(const job_t *job, tracker_t *t, int l, int64_t level)
{
    lanes_t *s = &t->s;
    for (int k = 0; k < job->plan->h[H_UNKNOWNS]; k++)
        for (int a = 0; a < 5; a++)
            ((double *)(a == 0 ? t->w.z : a == 1 ? t->z_old : a == 2 ? t->z_new
                        : a == 3 ? t->t_old : t->t_new))[k * LANES + l] = 0.0;
    ((double *)t->w.lambda)[l] = 0.0;
    s->extend_z[l] = s->extend_old[l] = s->extend_new[l] = 0.0;
    s->accept[l] = s->again[l] = s->arc[l] = s->keep_old[l] = 0;
    s->weight[l] = 1.0;
    s->rationality[l][0] = s->rationality[l][1] = 0.0;
    s->slope_at[l][0] = s->slope_at[l][1] = 0.0;
    s->direction[l][0] = s->direction[l][1] = 1.0;
    s->spacing[l] = s->step[l] = s->first_size[l] = s->previous_size[l] = 0.0;
    s->least[l] = __builtin_inf();
    s->corrections[l] = s->rejects[l] = s->history[l] = 0;
    s->from_arc[l] = s->landing[l] = 0;
    s->parity[l] = 1;
    s->turning[l] = s->bifurcations[l] = 0;
    s->next_target[l] = 0;
    s->level[l] = level;
    s->mode[l] = START;
}

/* Give the lane the next draw of the queue, or nothing. */
static void NAME(refill)(const job_t *job, tracker_t *t, int l, int64_t *queue)
{
    const plan_t *g = job->plan;
    NAME(begin)(job, t, l, 0);
    t->s.operations[l] = 0;
    if (*queue >= job->draws) {
        t->s.mode[l] = IDLE;
        return;
    }
    t->s.draw[l] = (*queue)++;
    double *slot = (double *)AT(t->w.x, g->h[H_INPUT]) + l;
    const double *from = job->input + t->s.draw[l];
    for (int k = 0; k < g->h[H_INPUTS]; k++) slot[k * LANES] = from[k * job->draws];
}

/* Extrapolate by x steps beyond the newest point: coefficients of z_old - z_new and tangents. */
static inline void NAME(coefficients)(
    const lanes_t *s, int l, double step, double spacing, double *z, double *old, double *new)
{
    if (!s->history[l]) {
        *z = *old = 0.0;
        *new = step;
        return;
    }
    double x = step / spacing;
    *z = x * x * (x + x + 3.0);
    *old = spacing * (1.0 + x) * x * x;
    *new = spacing * (1.0 + x) * (1.0 + x) * x;
}

static inline double NAME(arc_factor)(const lanes_t *s, int l, int point)
{
    return s->direction[l][point] / __builtin_sqrt(s->slope_at[l][point] + s->weight[l]);
}

/* Where the extrapolation in arc length puts the rationality, leaving the coefficients in s. */
static double NAME(arc_ahead)(lanes_t *s, int l, double step)
{
    double z, old, new;
    NAME(coefficients)(s, l, step, s->spacing[l], &z, &old, &new);
    old *= NAME(arc_factor)(s, l, 0);
    new *= NAME(arc_factor)(s, l, 1);
    s->extend_z[l] = z;
    s->extend_old[l] = old;
    s->extend_new[l] = new;
    const double *r = s->rationality[l];
    return r[1] + z * (r[0] - r[1]) + old + new;
}

/* Choose the next point to evaluate from mode, step and history. */
static void NAME(aim)(const job_t *job, tracker_t *t, int l)
{
    lanes_t *s = &t->s;
    const double target = job->target[s->next_target[l]];
    const double here = s->rationality[l][1];
    double ahead;
    s->corrections[l] = 0;
    s->landing[l] = s->from_arc[l] = 0;
    s->wanted[l] = s->step[l];
    if (s->mode[l] == DIRECT) {
        /* Stretch a step that would leave a crumb before the target. */
        if (here + 1.1 * s->step[l] >= target) {
            s->step[l] = target - here;
            s->landing[l] = 1;
        }
        NAME(coefficients)(s, l, s->step[l], here - s->rationality[l][0], &s->extend_z[l],
                           &s->extend_old[l], &s->extend_new[l]);
        ahead = s->landing[l] ? target : here + s->step[l];
    } else {
        ahead = NAME(arc_ahead)(s, l, s->step[l]);
        if (ahead >= target) {
            double low = 0.0, high = s->step[l];
            for (int i = 0; i < 60; i++) {
                double middle = 0.5 * (low + high);
                if (NAME(arc_ahead)(s, l, middle) < target) low = middle;
                else high = middle;
            }
            NAME(arc_ahead)(s, l, high);
            s->step[l] = high;
            s->landing[l] = s->from_arc[l] = 1;
            ahead = target;
        }
    }
    s->arc[l] = s->mode[l] == ARC && !s->landing[l] ? -1 : 0;
    ((double *)t->w.lambda)[l] = ahead;
}

/* Statistics of the target just reached; the unknowns follow once they are updated. */
static void NAME(record)(const job_t *job, lanes_t *s, int l)
{
    const int64_t at = s->next_target[l] * job->stride + job->offset + s->draw[l];
    job->status[at] = s->bifurcations[l] ? NOT_UNIQUE : SOLVED;
    job->turning[at] = s->turning[l];
    job->bifurcations[at] = s->bifurcations[l];
    job->pivot[at] = s->least[l];
    s->next_target[l]++;
}

static void NAME(finish)(const job_t *job, tracker_t *t, int l, int64_t *queue)
{
    int64_t b = job->offset + t->s.draw[l];
    job->operations[b] = t->s.operations[l];
    job->level[b] = (int8_t)t->s.level[l];
    NAME(refill)(job, t, l, queue);
}

/* The draw cannot be followed at this level: try the next one or record the failure. */
static void NAME(give_up)(const job_t *job, tracker_t *t, int l, int64_t *queue, int8_t status)
{
    lanes_t *s = &t->s;
    if (status != STEP_LIMIT && s->level[l] + 1 < job->levels) {
        NAME(begin)(job, t, l, s->level[l] + 1);
        return;
    }
    for (int64_t k = s->next_target[l]; k < job->targets; k++) {
        int64_t at = k * job->stride + job->offset + s->draw[l];
        job->status[at] = status;
        job->turning[at] = s->turning[l];
        job->bifurcations[at] = s->bifurcations[l];
        job->pivot[at] = s->least[l];
    }
    NAME(finish)(job, t, l, queue);
}

/* The step whose first correction should be the aim, given what a step made it. The error
 * of the cubic through points `spacing` apart is proportional to (step (step + spacing))^2, that
 * of the first straight step to step^2. */
static inline double NAME(next_step)(
    double aim, double size, double step, double spacing, int history)
{
    double ratio = __builtin_sqrt(aim / (size + 1e-300));
    if (!history) return step * __builtin_sqrt(ratio);
    return 0.5 * (__builtin_sqrt(step * step + 4.0 * ratio * step * (step + spacing)) - step);
}

/* Largest derivative of an action value with respect to an unknown, at the point just seen. */
static double NAME(largest_entry)(const plan_t *g, const work_t *w, int l)
{
    const double *entry = (const double *)AT(w->x, g->h[H_ENTRY]) + l;
    double largest = 0.0;
    for (size_t k = 0; k + 1 < g->length[L_ENTRY_START]; k++) {
        const double size = __builtin_fabs(entry[k * LANES]);
        if (size > largest) largest = size;
    }
    return largest;
}

/* Judge the operation just done in lane l. Returns 1 if the point is the next target. */
static int NAME(judge)(
    const job_t *job, tracker_t *t, int l, int64_t *queue, double pivot, int negative)
{
    lanes_t *s = &t->s;
    const double *set = job->settings + s->level[l] * S_COUNT;
    const double slope = s->slope[l], weight = s->weight[l];
    const double shift = __builtin_fabs(s->shift[l]) * __builtin_sqrt(weight);
    const double size = s->size[l] > shift ? s->size[l] : shift;
    s->accept[l] = s->again[l] = s->keep_old[l] = 0;
    if (++s->operations[l] > job->budget) {
        NAME(give_up)(job, t, l, queue, STEP_LIMIT);
        return 0;
    }
    /* Sums of squares carry a NaN or an infinity of any unknown. */
    const int sound = slope + s->chord[l] < 1e300 && pivot > 1e-14;

    if (s->mode[l] == START) {
        if (!sound) {
            NAME(give_up)(job, t, l, queue, SINGULAR);
            return 0;
        }
        /* The scale of the payoffs: what drives the path at first, and what bends it. */
        const double bend = NAME(largest_entry)(job->plan, &t->w, l);
        const double scale = __builtin_sqrt(slope);
        s->weight[l] = scale > bend ? slope : bend * bend;
        if (!(s->weight[l] > 0.0)) s->weight[l] = 1.0;
        s->slope_at[l][0] = s->slope_at[l][1] = slope;
        s->accept[l] = -1;
        s->step[l] = job->target[job->targets - 1];
        if (scale * s->step[l] > set[S_FIRST]) s->step[l] = set[S_FIRST] / scale;
        /* Odd factors here and below: symmetric games are singular at round rationalities. */
        if (bend * s->step[l] > 0.87) s->step[l] = 0.87 / bend;
        s->mode[l] = DIRECT;
        if (job->target[0] == 0.0) {
            NAME(record)(job, s, l);
            if (s->next_target[l] < job->targets) NAME(aim)(job, t, l);
            return 1;
        }
        NAME(aim)(job, t, l);
        return 0;
    }

    const int arc = s->arc[l] != 0;
    const double along = s->turn[l] + weight;
    const double lambda = ((double *)t->w.lambda)[l] + (arc ? s->shift[l] : 0.0);
    const double old_direction = s->direction[l][1];
    /* In lambda mode the path only rises; a tangent that turned back shows in the cosine. */
    const double direction = along < 0.0 ? -old_direction : old_direction;
    const double cosine2 = along * along;
    const double limit2 = set[S_COSINE] * set[S_COSINE]
        * (slope + weight) * (s->slope_at[l][1] + weight);
    const int smooth = cosine2 >= limit2 && (arc || along > 0.0 || s->from_arc[l])
        && (direction > 0.0 || !s->landing[l]);
    const int crossed = (negative ? -direction : direction) * s->parity[l] < 0.0;
    const double tolerance = set[S_TOLERANCE];
    /* Near a turn the sign of the tangent is only trusted close to the path. */
    const int doubtful = arc && (crossed || direction != old_direction);
    const double polish = s->landing[l] ? 1e-7 : doubtful ? 1e-4 : set[S_POLISH];

    int good = sound && smooth;
    if (s->corrections[l] == 0) good = good && size <= tolerance;
    else good = good && (size <= 0.3 * s->previous_size[l] || size <= 1e-10);
    int done = size <= polish;
    if (crossed && (done || !arc))
        good = good && arc && s->step[l] < BRANCH_STEP
            && cosine2 >= BRANCH_COSINE * BRANCH_COSINE * (slope + weight)
                * (s->slope_at[l][1] + weight);
    if (!done && s->corrections[l] > 0 && size < 1e-4) {
        /* Quadratic convergence: what is left after this step. */
        double ratio = size / s->previous_size[l];
        done = size * ratio * ratio <= 1e-12;
    }

    if (good && !done && s->corrections[l] < 8) {
        if (s->corrections[l]++ == 0) s->first_size[l] = size;
        s->again[l] = -1;
        s->previous_size[l] = size;
        if (arc) ((double *)t->w.lambda)[l] = lambda;
        return 0;
    }
    if (good && arc && lambda <= 0.0) {
        NAME(give_up)(job, t, l, queue, SINGULAR);
        return 0;
    }
    if (good && arc && lambda >= job->target[s->next_target[l]]) good = 0; /* land on it */

    if (!good) {
        if (set[S_HASTY] != 0.0 && (crossed || !smooth || !sound)) {
            NAME(give_up)(job, t, l, queue, SINGULAR);
            return 0;
        }
        double shrink = __builtin_sqrt(__builtin_sqrt(tolerance / (size + 1e-300)));
        shrink = shrink < 0.47 ? (shrink > 0.1 ? shrink : 0.1) : 0.47;
        s->step[l] *= shrink;
        s->rejects[l]++;
        const double length = s->mode[l] == ARC
            ? s->step[l]
            : s->step[l] * __builtin_sqrt(s->slope_at[l][1] + weight);
        if (s->mode[l] == DIRECT
            && (s->rejects[l] >= set[S_REJECTS] || s->slope_at[l][1] > set[S_STEEP] * set[S_STEEP] * weight)) {
            if (set[S_HASTY] != 0.0) {
                NAME(give_up)(job, t, l, queue, SINGULAR);
                return 0;
            }
            s->mode[l] = ARC;
            s->step[l] = length;
            s->rejects[l] = 0;
        } else if (s->rejects[l] > 60 || length < 1e-9) {
            NAME(give_up)(job, t, l, queue, SINGULAR);
            return 0;
        }
        NAME(aim)(job, t, l);
        return 0;
    }

    /* Accepted. */
    const double first_size = s->corrections[l] ? s->first_size[l] : size;
    const double spacing = s->mode[l] == ARC
        ? s->spacing[l] : s->rationality[l][1] - s->rationality[l][0];
    double step = NAME(next_step)(set[S_AIM], first_size, s->step[l], spacing, s->history[l]);
    double growth = step / s->step[l];
    growth = growth < set[S_GROWTH] ? (growth > 0.4 ? growth : 0.4) : set[S_GROWTH];
    if (s->rejects[l] && growth > 1.0) growth = 1.0;
    if (crossed) {
        s->parity[l] = -s->parity[l];
        s->bifurcations[l]++;
    }
    if (direction != old_direction) s->turning[l]++;
    if (pivot < s->least[l]) s->least[l] = pivot;
    s->accept[l] = -1;
    /* A landing that cut the step short leaves the older point in the history: the next
     * extrapolation shall not lean on two points close together. */
    s->keep_old[l] = s->history[l] && s->landing[l] && s->mode[l] == DIRECT
        && s->step[l] < 0.3 * s->wanted[l] ? -1 : 0;
    if (!s->keep_old[l]) {
        s->rationality[l][0] = s->rationality[l][1];
        s->slope_at[l][0] = s->slope_at[l][1];
        s->direction[l][0] = old_direction;
    }
    s->spacing[l] = __builtin_sqrt(s->chord[l]
        + weight * (lambda - s->rationality[l][1]) * (lambda - s->rationality[l][1]));
    s->rationality[l][1] = lambda;
    s->slope_at[l][1] = slope;
    s->direction[l][1] = direction;
    s->rejects[l] = 0;
    s->history[l] = s->rationality[l][0] != lambda || s->mode[l] == ARC;
    s->step[l] *= growth;
    if (s->keep_old[l] && s->step[l] < s->wanted[l]) s->step[l] = s->wanted[l];

    const int landed = s->landing[l];
    if (landed) {
        NAME(record)(job, s, l);
        if (s->next_target[l] == job->targets) return 1;
    }
    if (s->mode[l] == ARC && direction > 0.0
        && slope < 0.25 * set[S_STEEP] * set[S_STEEP] * weight) {
        s->mode[l] = DIRECT;
        s->step[l] = s->step[l] / __builtin_sqrt(slope + weight);
        s->history[l] = s->history[l] && s->direction[l][0] > 0.0
            && s->rationality[l][0] < s->rationality[l][1];
    }
    NAME(aim)(job, t, l);
    return landed;
}

/* Sizes and angles of the corrections of all lanes. */
static void NAME(measure)(tracker_t *t, int unknowns)
{
    lanes_t *s = &t->s;
    work_t *w = &t->w;
    EACH {
        vd slope = splat(0.0), turn = splat(0.0), pull = splat(0.0);
        for (int k = 0; k < unknowns; k++) {
            vd tangent = AT(w->tangent, k)[u], before = AT(t->t_new, k)[u];
            slope += tangent * tangent;
            turn += tangent * before;
            pull += AT(w->correction, k)[u] * before;
        }
        /* Orthogonal to the last tangent: the correction of z plus that of the rationality. */
        vd shift = -pull / (turn + ((vd *)s->weight)[u]);
        shift = (vd)((vi)shift & ((vi *)s->arc)[u]);
        vd size = splat(0.0), chord = splat(0.0);
        for (int k = 0; k < unknowns; k++) {
            vd correction = AT(w->correction, k)[u] + AT(w->tangent, k)[u] * shift;
            AT(w->correction, k)[u] = correction;
            size = larger(magnitude(correction), size);
            vd moved = AT(w->z, k)[u] + correction - AT(t->z_new, k)[u];
            chord += moved * moved;
        }
        ((vd *)s->slope)[u] = slope;
        ((vd *)s->turn)[u] = turn;
        ((vd *)s->shift)[u] = shift;
        ((vd *)s->size)[u] = size;
        ((vd *)s->chord)[u] = chord;
    }
}

/* Take over accepted points and extrapolate to the next ones. */
static void NAME(advance)(tracker_t *t, int unknowns)
{
    lanes_t *s = &t->s;
    work_t *w = &t->w;
    EACH {
        vi accept = ((vi *)s->accept)[u], again = ((vi *)s->again)[u];
        vi shift = accept & ~((vi *)s->keep_old)[u];
        vd cz = ((vd *)s->extend_z)[u];
        vd c0 = ((vd *)s->extend_old)[u], c1 = ((vd *)s->extend_new)[u];
        for (int k = 0; k < unknowns; k++) {
            vd *z0 = AT(t->z_old, k) + u, *z1 = AT(t->z_new, k) + u;
            vd *t0 = AT(t->t_old, k) + u, *t1 = AT(t->t_new, k) + u;
            vd *z = AT(w->z, k) + u;
            vd now = *z + AT(w->correction, k)[u];
            *z0 = pick(shift, *z1, *z0);
            *t0 = pick(shift, *t1, *t0);
            *z1 = pick(accept, now, *z1);
            *t1 = pick(accept, AT(w->tangent, k)[u], *t1);
            vd next = *z1 + cz * (*z0 - *z1) + c0 * *t0 + c1 * *t1;
            *z = pick(again, now, next);
        }
    }
}

/* Turn the recorded unknowns of one target into log strategies, many draws at a time. */
static void NAME(write_out)(const job_t *job, tracker_t *t)
{
    const int32_t *h = job->plan->h, *start = job->plan->list[L_SET_START];
    for (int64_t k = 0; k < job->targets; k++)
        for (int64_t b = 0; b < job->draws; b += LANES) {
            const int n = job->draws - b < LANES ? (int)(job->draws - b) : LANES;
            const int64_t column = job->offset + b;
            for (int i = 0; i < h[H_SETS]; i++) {
                const int size = start[i + 1] - start[i];
                double *row = job->log_strategy
                    + (k * h[H_ACTIONS] + start[i]) * job->stride + column;
                double *z = (double *)t->w.z, *logs = (double *)AT(t->w.x, h[H_LOG]);
                for (int a = 1; a < size; a++)
                    for (int l = 0; l < n; l++)
                        z[(a - 1) * LANES + l] = row[a * job->stride + l];
                softmax(t->w.z, size, AT(t->w.x, h[H_SIGMA]), AT(t->w.x, h[H_LOG]));
                for (int l = 0; l < n; l++) {
                    const int kept = job->status[k * job->stride + column + l] <= NOT_UNIQUE;
                    for (int a = 0; a < size; a++)
                        row[a * job->stride + l] = kept ? logs[a * LANES + l] : __builtin_nan("");
                }
            }
        }
}

static size_t NAME(bytes)(const plan_t *g)
{
    const size_t unknowns = (size_t)g->h[H_UNKNOWNS];
    const size_t vectors = (size_t)g->h[H_SLOTS] + 9 * unknowns + g->length[L_FACTOR_PLUS];
    return sizeof(tracker_t) + vectors * UNROLL * sizeof(vd) + 128;
}

static void NAME(lay_out)(const plan_t *g, tracker_t *t)
{
    const ptrdiff_t unknowns = g->h[H_UNKNOWNS];
    vd *next = (vd *)(t + 1);
    vd **part[] = {&t->w.z, &t->w.correction, &t->w.tangent, &t->z_old, &t->z_new, &t->t_old,
                   &t->t_new};
    for (size_t i = 0; i < sizeof part / sizeof *part; i++) {
        *part[i] = next;
        next += unknowns * UNROLL;
    }
    t->w.right = next;
    next += 2 * unknowns * UNROLL;
    t->w.entry = next;
    next += (ptrdiff_t)g->length[L_FACTOR_PLUS] * UNROLL;
    t->w.x = next;
    for (ptrdiff_t k = 0; k < g->h[H_SLOTS] * UNROLL; k++) t->w.x[k] = splat(0.0);
    EACH AT(t->w.x, SLOT_ONE)[u] = splat(1.0);
}

/* Solve all draws of the job; memory is zeroed and aligned to 64 bytes. */
static void NAME(solve)(const job_t *job, void *memory)
{
    tracker_t *t = memory;
    const int32_t *h = job->plan->h;
    const int unknowns = h[H_UNKNOWNS];
    int64_t queue = 0;
    NAME(lay_out)(job->plan, t);
    for (int l = 0; l < LANES; l++) NAME(refill)(job, t, l, &queue);
    for (;;) {
        int busy = 0, landed[LANES];
        int64_t draw[LANES], target[LANES];
        for (int l = 0; l < LANES; l++) busy |= t->s.mode[l] != IDLE;
        if (!busy) break;
        NAME(newton)(job->plan, &t->w);
        NAME(measure)(t, unknowns);
        for (int l = 0; l < LANES; l++) {
            landed[l] = 0;
            if (t->s.mode[l] == IDLE) continue;
            landed[l] = NAME(judge)(job, t, l, &queue, ((double *)t->w.pivot)[l],
                                    ((int64_t *)t->w.sign)[l] != 0);
            draw[l] = t->s.draw[l];
            target[l] = t->s.next_target[l] - 1;
        }
        NAME(advance)(t, unknowns);
        for (int l = 0; l < LANES; l++)
            if (landed[l]) {
                const int32_t *start = job->plan->list[L_SET_START];
                double *to = job->log_strategy + target[l] * h[H_ACTIONS] * job->stride
                    + job->offset + draw[l];
                int k = 0;
                for (int i = 0; i < h[H_SETS]; i++)
                    for (int a = start[i] + 1; a < start[i + 1]; a++)
                        to[a * job->stride] = ((double *)t->z_new)[k++ * LANES + l];
                if (target[l] + 1 == job->targets) NAME(finish)(job, t, l, &queue);
            }
    }
    NAME(write_out)(job, t);
}
