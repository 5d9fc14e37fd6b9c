/* The symbolic plan of one tree as flat index lists, and the arguments of one solve.
 *
 * Every quantity of one Newton operation lives in one array of vectors, the slots. The lists
 * say which slots enter which sum; brink.core.kernel builds them and explains the mathematics.
 */
#ifndef BRINK_PLAN_H
#define BRINK_PLAN_H

#include <stddef.h>
#include <stdint.h>

enum { SLOT_ONE = 0, SLOT_ZERO = 1 };

/* Scalars of the plan, in the order of the header array. */
enum {
    H_PLAYERS,
    H_SETS,
    H_ACTIONS,
    H_BRANCHES, /* chance branches times distinct chance beliefs */
    H_LEAVES,
    H_UNKNOWNS,
    H_SLOTS,
    H_SIGMA,    /* first slot of the probabilities: actions, then branches */
    H_LOG,      /* first slot of their logarithms */
    H_NEGATIVE, /* first slot of the negated action probabilities, or -1 */
    H_REACH,
    H_BELIEF,
    H_ACTION_VALUE,
    H_DIFFERENCE,
    H_PRODUCT,
    H_SUM,
    H_COUNT
};

/* Index lists of the plan, in the order of the tuple handed over. */
enum {
    L_SET_START,
    L_SET_LOG,        /* whether anybody needs the logarithms of a set */
    L_PAYOFF_SLOT,    /* (P, L) slot of each payoff or -1 */
    L_REACH,          /* (a, b): x[a] + x[b] */
    L_BELIEF_START,
    L_BELIEF,         /* slot of the log reach of each member */
    L_VALUE,          /* (destination, children, first probability, first value) */
    L_ACTION_START,
    L_ACTION,         /* (a, b): sum of x[a] * x[b] */
    L_DIFFERENCE,     /* (s, a, b): x[s] * (x[a] - x[b]) */
    L_PRODUCT,        /* (a, b): x[a] * x[b] */
    L_SUM_START,
    L_SUM,            /* (a, b): sum of x[a] * x[b] */
    L_STEP_UPPER,     /* entries right of the diagonal, per elimination step */
    L_STEP_LOWER,     /* entries below the diagonal, per elimination step */
    L_ENTRY_X,        /* entry starts as unit - lambda * (x[X] - x[Y]) */
    L_ENTRY_Y,
    L_FILL_START,
    L_FILL,           /* (l, u) products subtracted from an entry */
    L_FORWARD_START,
    L_FORWARD,        /* (l, step) */
    L_BACK,           /* step of the column of every upper entry */
    L_ORDER,          /* unknown eliminated at each step */
    L_ROW,            /* slot of the action value of each unknown */
    L_FIRST,          /* slot of the action value of the first action of its set */
    L_COUNT
};

typedef struct {
    int32_t h[H_COUNT];
    int32_t *list[L_COUNT];
    size_t length[L_COUNT];
} plan_t;

/* One row of settings per level of care, in this order. */
enum {
    S_FIRST,     /* length of the first step in z */
    S_TOLERANCE, /* largest first Newton correction of an accepted step */
    S_POLISH,    /* correction below which a point needs no second Newton step */
    S_GROWTH,
    S_COSINE,    /* smallest cosine between successive tangents */
    S_REJECTS,   /* rejections in a row that call for arc length */
    S_STEEP,     /* squared slope that calls for arc length */
    S_HASTY,     /* nonzero: give the draw to the next level instead of arc length */
    S_COUNT
};

typedef struct {
    const plan_t *plan;
    const double *payoffs; /* (P, L, B) */
    const double *chance;  /* (H_BRANCHES, B) */
    const double *target;  /* (K,) */
    const double *settings;
    int64_t draws, targets, levels, first_level, budget;
    int64_t *queue;       /* next draw, shared by the threads */
    double *log_strategy; /* (K, A, B); the unknowns until finish() */
    int8_t *status;       /* (K, B) */
    int32_t *turning, *bifurcations;
    double *pivot;
    int32_t *operations; /* (B,) */
    int8_t *level;       /* (B,) level of care that ended the draw */
} job_t;

enum { SOLVED, NOT_UNIQUE, STEP_LIMIT, SINGULAR };

#endif
