// What moves in a photo: parallax/motion_plan/field.py, on encoded sRGB values.
//
// In:     MOVES_SWAY _FLOW _FOAM _GLINT _DRIFT _VEIL, 0 or 1, set by the pass; x in the photo's uv
// Reads:  u_weight (flow, sky, foam, glint) and the fields and plates of what moves
// Out:    encoded sRGB; every term is exactly 0 where its weight is, so such bytes do not change

#define TURN 6.28318531

uniform sampler2D u_weight;
uniform float u_turn; // t / T, 0..1
#if MOVES_SWAY
uniform sampler2D u_shift; // x, y in uv, change of brightness
#endif
#if MOVES_GLINT
uniform sampler2D u_swing;
uniform vec4 u_swing_now; // cosine and sine of two frequencies, times the largest gain
#endif
#if MOVES_FOAM
uniform sampler2D u_sweep; // uv, phase, cycles in T
uniform sampler2D u_foam_plate;
#endif
#if MOVES_FLOW
#include "common/flow.glsl"
#endif
#if MOVES_DRIFT
#include "common/drift.glsl"
#endif
#if MOVES_VEIL
#include "common/veil.glsl"
#endif

// `srgb` is the layer's colour at x, which is displaced already
vec3 moved(vec3 srgb, vec2 x, float gain) {
    vec4 weight = texture(u_weight, x);
#if MOVES_GLINT
    gain += weight.a * dot((texture(u_swing, x) * 255.0 - 128.0) / 127.0, u_swing_now);
#endif
    srgb *= 1.0 + gain;
#if MOVES_FLOW
    if (weight.r > 0.0) srgb += weight.r * (flowing(x) - srgb);
#endif
#if MOVES_FOAM
    vec4 sweep = texture(u_sweep, x);
    float p = TURN * (sweep.w * u_turn + sweep.z);
    vec2 washed = x - sweep.xy * cos(p + 0.6 * sin(p)); // in fast, out slowly
    srgb += weight.b * (texture(u_foam_plate, washed) - texture(u_foam_plate, x)).rgb;
#endif
#if MOVES_DRIFT
    srgb += weight.g * drifted(x);
#endif
#if MOVES_VEIL
    srgb = under_veil(srgb, x, weight.g);
#endif
    return srgb;
}
