/* Vectors of doubles and the two transcendental functions, for one instruction set.
 *
 * Included once per instruction set with VECTOR_BYTES and NAME(x) defined. No operation mixes
 * lanes and none is fused, so every width gives the same bits.
 */

typedef double NAME(vd) __attribute__((vector_size(VECTOR_BYTES), may_alias));
typedef int64_t NAME(vi) __attribute__((vector_size(VECTOR_BYTES), may_alias));
#define vd NAME(vd)
#define vi NAME(vi)

static inline vd NAME(splat)(double value)
{
    return (vd){0} + value;
}
#define splat NAME(splat)

static inline vd NAME(pick)(vi mask, vd yes, vd no)
{
    return (vd)(((vi)yes & mask) | ((vi)no & ~mask));
}
#define pick NAME(pick)

static inline vd NAME(larger)(vd a, vd b)
{
    return pick(a > b, a, b);
}
#define larger NAME(larger)

static inline vd NAME(magnitude)(vd a)
{
    return (vd)((vi)a & INT64_MAX);
}
#define magnitude NAME(magnitude)

/* exp(x) for x <= 0; zero below -708. Chebyshev fit of (exp(r) - 1 - r) / r^2 on
 * |r| <= ln(2) / 2, relative error 2e-17 before rounding. */
static inline vd NAME(vexp)(vd x)
{
    const vd magic = splat(6755399441055744.0); /* 1.5 * 2^52 */
    vi tiny = x < splat(-708.0);
    vd shifted = x * splat(1.4426950408889634) + magic;
    vd n = shifted - magic;
    vd r = (x - n * splat(0x1.62e42fefa3800p-1)) - n * splat(0x1.ef35793c76730p-45);
    vd q = splat(2.5100377619606372e-08);
    q = q * r + splat(2.7620078203806394e-07);
    q = q * r + splat(2.7557268476553695e-06);
    q = q * r + splat(2.4801521317484083e-05);
    q = q * r + splat(0.00019841269863042963);
    q = q * r + splat(0.0013888888917199863);
    q = q * r + splat(0.008333333333330063);
    q = q * r + splat(0.04166666666662416);
    q = q * r + splat(0.16666666666666669);
    q = q * r + splat(0.5000000000000001);
    vd p = (q * (r * r) + r) + splat(1.0);
    vi bits = (vi)p + ((vi)shifted << 52);
    return (vd)(bits & ~tiny);
}
#define vexp NAME(vexp)

/* log(x) for normal x > 0. With m the mantissa in [sqrt(1/2), sqrt(2)) and s = (m-1)/(m+1),
 * log(m) = 2 atanh(s) = 2 s + s^3 P(s^2), P a Chebyshev fit. */
static inline vd NAME(vlog)(vd x)
{
    const int64_t root = 0x3fe6a09e667f3bcd;
    vi bits = (vi)x + (0x3ff0000000000000 - root);
    /* Logical shift: the sum is positive for positive x, and the mask drops a copied sign. */
    vi exponent = (bits >> 52) & 0xfff;
    vd n = (vd)(exponent | 0x4330000000000000) - splat(4503599627370496.0 + 1023.0);
    vd m = (vd)((bits & 0x000fffffffffffff) + root);
    vd s = (m - splat(1.0)) / (m + splat(1.0));
    vd z = s * s;
    vd p = splat(0.1461645192038882);
    p = p * z + splat(0.15331721419709152);
    p = p * z + splat(0.18182889130702387);
    p = p * z + splat(0.22222211134720407);
    p = p * z + splat(0.2857142862597594);
    p = p * z + splat(0.39999999999899505);
    p = p * z + splat(0.666666666666667);
    return n * splat(0x1.62e42fefa3800p-1)
        + ((s + s) + (s * z * p + n * splat(0x1.ef35793c76730p-45)));
}
#define vlog NAME(vlog)
